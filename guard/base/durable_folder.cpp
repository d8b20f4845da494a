// SPDX-License-Identifier: Apache-2.0
#include "guard/base/durable_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace guard {
namespace {

Result<void> make_below(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return {};
  const auto parent = folder.parent_path();
  if (auto made = make_below(parent); !made) return made;
  std::filesystem::create_directory(folder, error);
  if (error) return fail(ErrorCode::internal, fmt::format("{}: cannot make it: {}", folder.string(), error.message()));
  return sync_folder(parent);
}

}  // namespace

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(folder, error);
  if (error) return fail(ErrorCode::internal, fmt::format("{}: {}", folder.string(), error.message()));
  return make_below(whole);
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return {};
  return fail(ErrorCode::internal, fmt::format("{}: cannot sync: {}", folder.string(), std::strerror(error)));
}

Result<void> find_room(const std::filesystem::path& folder, std::uintmax_t bytes) {
  const auto file = folder / "room";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail(ErrorCode::internal, fmt::format("{}: cannot make it: {}", file.string(), std::strerror(errno)));
  ::unlink(file.c_str());
  int error = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  ::close(fd);
  if (error == 0) return {};
  return fail(ErrorCode::internal,
              fmt::format("{}: no room for {} KiB more: {}", folder.string(), bytes >> 10U, std::strerror(error)));
}

}  // namespace guard
