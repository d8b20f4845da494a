// SPDX-License-Identifier: Apache-2.0
//
// One guard for each storage folder: a lock file held by flock(2) for as long as the process lives. Move-only.
#pragma once

#include "guard/base/error.hpp"

#include <filesystem>
#include <utility>

namespace guard::journal {

class StorageLock {
 public:
  // Takes the lock of `folder`, which exists. Fails with ErrorCode::conflict, naming the other guard's process, if it
  // is held; with ErrorCode::internal if the file cannot be opened.
  static Result<StorageLock> take(const std::filesystem::path& folder);
  // Fails with ErrorCode::broken if the lock file no longer is the one of `folder`: the folder was removed or replaced,
  // and another guard may have taken what stands there now.
  Result<void> check(const std::filesystem::path& folder) const;
  ~StorageLock();
  StorageLock(StorageLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StorageLock& operator=(StorageLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

 private:
  explicit StorageLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace guard::journal
