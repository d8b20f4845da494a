// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"

#include "guard/base/text.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>

namespace guard {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> failed(const std::filesystem::path& path, std::string_view what) {
  const int error = errno;
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::internal,
              fmt::format("{}: cannot {}: {}", path.string(), what, std::strerror(error)));
}

// How long a pipe may take until more of it comes.
constexpr std::chrono::milliseconds timeout{1000};

// Waits for more of a pipe, where the file is one.
Result<void> await_more(int fd, const std::filesystem::path& path) {
  pollfd more{fd, POLLIN, 0};
  const int ready = ::poll(&more, 1, static_cast<int>(timeout.count()));
  if (ready < 0 && errno != EINTR) return failed(path, "wait for");
  if (ready == 0)
    return fail(ErrorCode::unavailable, fmt::format("{}: it is a pipe into which nothing is written", path.string()));
  return {};
}

Result<void> write_all(int fd, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path, "write");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return failed(path, "sync");
  return {};
}

// `prepare` is given the descriptor before the text gets its name.
template <class Prepare>
Result<void> put_in_place(const std::filesystem::path& path, std::string_view text, Prepare prepare) {
  auto temporary = path;
  temporary += ".tmp";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) return failed(temporary, "create");
    prepare(file.get());
    if (auto done = write_all(file.get(), text, temporary); !done) return done;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed(path, "rename into place");
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return failed(folder, "sync");
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  // Non-blocking, as an empty pipe under a file's name would stop whoever reads it for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return failed(path, "open");
  std::string text;
  char buffer[16384];
  for (;;) {
    const auto n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {
      if (auto more = await_more(file.get(), path); !more) return std::unexpected(more.error());
      continue;
    }
    if (n < 0) return failed(path, "read");
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > max_bytes)
      return fail(ErrorCode::too_large, fmt::format("{}: larger than {} bytes", path.string(), max_bytes));
  }
}

Result<Secret> read_secret(const std::filesystem::path& path) {
  const auto text = read_file(path, 65536);
  if (!text) return std::unexpected(text.error());
  const auto value = trim(*text);
  if (value.empty())
    return fail(ErrorCode::invalid, fmt::format("{}: the file is empty; put the secret in it", path.string()));
  return Secret(std::string(value));
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view text) {
  return put_in_place(path, text, [](int) {});
}

Result<void> rewrite_file_durably(const std::filesystem::path& path, std::string_view text) {
  std::error_code unknown;
  const auto target = std::filesystem::weakly_canonical(path, unknown);
  struct stat known{};
  const bool is_new = ::stat(path.c_str(), &known) != 0;
  return put_in_place(unknown ? path : target, text, [&](int file) {
    // Who may not give it away keeps it: the text is worth more than its owner.
    [[maybe_unused]] const int given = is_new ? 0 : ::fchown(file, known.st_uid, known.st_gid);
    ::fchmod(file, is_new ? 0644 : known.st_mode & 07777U);
  });
}

}  // namespace guard
