// SPDX-License-Identifier: Apache-2.0
//
// One guard for each storage folder: a lock file held by flock(2) for as long as the process lives. Move-only.
#pragma once

#include "guard/base/error.hpp"
#include "guard/store/kept_path.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace guard::store {

class StorageLock {
 public:
  // Takes the lock of `folder`, which exists. Fails with ErrorCode::conflict, naming the other guard's process, if it
  // is held; with ErrorCode::internal if the file cannot be opened.
  static Result<StorageLock> take(const std::filesystem::path& folder);
  ~StorageLock();
  StorageLock(StorageLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), file_(std::move(other.file_)) {}
  StorageLock& operator=(StorageLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(file_, other.file_);
    return *this;
  }

  // Fails as KeptPath::check: a lock on a file that is not at its path any more keeps nobody out.
  Result<void> check() const { return file_->check(); }

 private:
  explicit StorageLock(int fd) : fd_(fd) {}
  int fd_;
  std::optional<KeptPath> file_;  // set once the lock is taken
};

}  // namespace guard::store
