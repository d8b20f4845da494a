// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/attempt_store.hpp"

#include "guard/base/digest.hpp"
#include "guard/hooks/attempt_folder.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

namespace guard::hooks {
namespace {

namespace fs = std::filesystem;

// Only what attempts_name() makes is ever removed.
bool is_attempts_name(const std::string& name) {
  return name.size() == digest("").size() &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<fs::path> folders_in(const fs::path& parent) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error))
    if (std::error_code ignored; it->is_directory(ignored) && !it->is_symlink(ignored)) out.push_back(it->path());
  return out;
}

// When a name in `folder` was last made, or the latest time there is if that cannot be told.
WallTime written_at(const fs::path& folder) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return WallTime::max();
  return WallTime(std::chrono::seconds(status.st_mtim.tv_sec));
}

bool is_old(const fs::path& decision, WallTime before) {
  const auto attempts = folders_in(decision);
  return written_at(decision) < before &&
         std::all_of(attempts.begin(), attempts.end(), [&](const auto& a) { return written_at(a) < before; });
}

// A supervisor that waits for the lock meanwhile finds nothing to run when it gets it.
Result<bool> remove_decision(const fs::path& decision) {
  std::vector<FileLock> held;
  for (const auto& attempt : folders_in(decision)) {
    auto lock = FileLock::try_take(AttemptFolder(attempt).lock_file());
    if (!lock) return std::unexpected(lock.error());
    if (!*lock) return false;
    held.push_back(std::move(**lock));
  }
  std::error_code error;
  fs::remove_all(decision, error);
  if (error) return fail(ErrorCode::internal, fmt::format("{}: {}", decision.string(), error.message()));
  return true;
}

}  // namespace

Result<std::size_t> remove_old_attempts(const fs::path& state, const std::set<std::string>& kept, WallTime before) {
  std::size_t removed = 0;
  Result<std::size_t> outcome = removed;
  for (const auto& decision : folders_in(attempts_root(state))) {
    const auto name = decision.filename().string();
    if (!is_attempts_name(name) || kept.contains(name) || !is_old(decision, before)) continue;
    const auto done = remove_decision(decision);
    if (!done) outcome = std::unexpected(done.error());
    removed += done && *done ? 1U : 0U;
  }
  return outcome ? Result<std::size_t>(removed) : outcome;
}

}  // namespace guard::hooks
