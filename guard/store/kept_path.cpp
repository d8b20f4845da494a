// SPDX-License-Identifier: Apache-2.0
#include "guard/store/kept_path.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/stat.h>

namespace guard::store {

Result<KeptPath> KeptPath::of(std::filesystem::path path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0)
    return fail(ErrorCode::internal, fmt::format("{}: cannot be looked at: {}", path.string(), std::strerror(errno)));
  return KeptPath(std::move(path), found.st_dev, found.st_ino);
}

Result<void> KeptPath::check() const {
  struct stat found{};
  if (::stat(path_.c_str(), &found) != 0 && errno != ENOENT && errno != ENOTDIR)
    return fail(ErrorCode::internal, fmt::format("{}: cannot be looked at: {}", path_.string(), std::strerror(errno)));
  // An inode that is held open is not given to another file.
  if (found.st_dev == device_ && found.st_ino == inode_) return {};
  return fail(ErrorCode::broken, fmt::format("{} was removed or replaced while the guard ran, so another guard may be "
                                             "using the storage, and what is stored here is lost with this process",
                                             path_.string()));
}

bool KeptPath::is(int fd) const {
  struct stat found{};
  return ::fstat(fd, &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

}  // namespace guard::store
