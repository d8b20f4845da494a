// SPDX-License-Identifier: Apache-2.0
//
// A path and the file that stood there: whoever holds a file open must know when its path leads to another one, since
// the next program that opens the path sees nothing of what is written here. Value; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <filesystem>

#include <sys/types.h>

namespace guard::store {

class KeptPath {
 public:
  // Remembers the file at `path`. Fails with ErrorCode::internal if there is none.
  static Result<KeptPath> of(std::filesystem::path path);

  // Fails with ErrorCode::broken if the path leads to another file or to none, with ErrorCode::internal if that cannot
  // be found out now.
  Result<void> check() const;
  // True if `fd` is this file.
  bool is(int fd) const;

 private:
  KeptPath(std::filesystem::path path, dev_t device, ino_t inode)
      : path_(std::move(path)), device_(device), inode_(inode) {}
  std::filesystem::path path_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace guard::store
