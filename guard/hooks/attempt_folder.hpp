// SPDX-License-Identifier: Apache-2.0
//
// The folder of one attempt of a command hook: how the guard and the supervisor, which may outlive each other, tell
// what was meant (spec), what was begun (started), what came of it (result), and that it must not begin any more
// (abandoned). The supervisor holds the lock for as long as it lives. Blocking; one owner per process.
#pragma once

#include "guard/base/error.hpp"
#include "guard/hooks/hook.hpp"
#include "guard/hooks/lifespan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace guard::hooks {

// Below it are all attempts.
std::filesystem::path attempts_root(const std::filesystem::path& state);

// The name of a decision's folder. A key holds whatever a service is named, and comes again when a release id is used
// again after it was forgotten; a digest of key and time is safe, of bounded length, and never meets an old result.
std::string attempts_name(const std::string& key, WallTime decided_at);

// What the supervisor is to run.
struct AttemptSpec {
  std::string key;
  std::vector<std::string> argv;
  std::filesystem::path dir;
  std::vector<std::string> inherited;  // names of variables let through from the guard's environment
  std::vector<std::string> given;      // NAME=value, RELEASE_GUARD_*
  Duration timeout{0};
  Duration grace{0};
  std::size_t output_cap = 0;
  Lifespan lifespan{};  // of all that it starts, at the longest
};

// An exclusive flock on a file; released when it goes out of scope or its process dies.
class FileLock {
 public:
  // Waits for the lock. Fails with internal.
  static Result<FileLock> wait(const std::filesystem::path& path);
  // Nothing if another process holds it.
  static Result<std::optional<FileLock>> try_take(const std::filesystem::path& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

class AttemptFolder {
 public:
  // The folder of this attempt below `state` that has not been abandoned; nothing is created yet.
  static AttemptFolder current(const std::filesystem::path& state, const HookCall& call);
  explicit AttemptFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path lock_file() const { return path_ / "lock"; }

  // Durable when they return. Fail with internal.
  Result<void> prepare(const AttemptSpec& spec) const;
  Result<void> mark_started() const;
  Result<void> mark_abandoned() const;
  Result<void> store(const HookResult& result) const;

  // Where it cannot be told, what was begun may have been begun: prepared and started are then true.
  bool prepared() const;
  bool started() const;
  bool abandoned() const;
  Result<AttemptSpec> spec() const;
  // The stored result, or nothing if there is none yet.
  std::optional<HookResult> result() const;

 private:
  std::filesystem::path path_;
};

}  // namespace guard::hooks
