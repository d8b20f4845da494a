// SPDX-License-Identifier: Apache-2.0
#include "guard/store/storage_lock.hpp"

#include "guard/base/text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/file.h>

namespace guard::store {
namespace {

std::string owner_of(int fd) {
  std::array<char, 32> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  const auto pid = trim(std::string_view(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0));
  return pid.empty() ? "another release guard" : fmt::format("another release guard (process {})", pid);
}

}  // namespace

Result<StorageLock> StorageLock::take(const std::filesystem::path& folder) {
  const auto file = folder / "lock";
  StorageLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.fd_ < 0)
    return fail(ErrorCode::internal, fmt::format("{}: cannot open: {}; the guard must be able to write in its storage",
                                                 file.string(), std::strerror(errno)));
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(ErrorCode::internal, fmt::format("{}: cannot lock: {}", file.string(), std::strerror(errno)));
    return fail(ErrorCode::conflict,
                fmt::format("{} uses the storage {}; stop it, or give this one a --storage.path of its own",
                            owner_of(lock.fd_), folder.string()));
  }
  auto kept = KeptPath::of(file);
  if (!kept) return std::unexpected(kept.error());
  if (!kept->is(lock.fd_))
    return fail(ErrorCode::conflict,
                fmt::format("{} was replaced while the guard started; start it again", file.string()));
  lock.file_ = std::move(*kept);
  // The number only serves the message above, so a failure to write it does not matter.
  const auto pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock.fd_, 0) == 0) static_cast<void>(::pwrite(lock.fd_, pid.data(), pid.size(), 0) > 0);
  return lock;
}

StorageLock::~StorageLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace guard::store
