// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/kill_switch.hpp"

#include <utility>

namespace guard::engine {
namespace {

constexpr Duration look_every = std::chrono::seconds(1);
constexpr Duration longest_look = std::chrono::seconds(3);

// No right to its folder, or a broken mount, is no proof that it is not there.
bool may_exist(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::status(file, ignored).type() != std::filesystem::file_type::not_found;
}

}  // namespace

void KillSwitch::look_for(std::optional<std::filesystem::path> file, bool at_once) {
  if (file == file_ && on_) return;
  file_ = std::move(file);
  on_.reset();
  due_ = {};
  if (file_ && at_once) on_ = may_exist(*file_);
}

bool KillSwitch::is_on() const {
  return file_ && (hangs() || on_.value_or(true));
}

bool KillSwitch::hangs() const {
  return looking_since_ && parts_.clock.now().mono - *looking_since_ >= longest_look;
}

void KillSwitch::when_seen(std::function<void()> then) {
  if (!file_ || hangs()) return then();
  waiting_.push_back(std::move(then));
  if (!looking_since_) look();
}

MonoTime KillSwitch::tick() {
  const auto now = parts_.clock.now().mono;
  if (hangs()) {
    for (auto* queue : {&served_, &waiting_})
      for (const auto& then : std::exchange(*queue, {})) then();
    return now + look_every;
  }
  if (looking_since_) return *looking_since_ + longest_look;
  if (!file_) return now + look_every;
  if (now >= due_) look();
  return due_;
}

void KillSwitch::look() {
  const auto now = parts_.clock.now().mono;
  looking_since_ = now;
  due_ = now + look_every;
  served_ = std::exchange(waiting_, {});
  run_blocking(
      parts_.executor, Lane::brake, [file = *file_] { return may_exist(file); },
      [this, file = *file_](bool on) { seen(file, on); });
}

void KillSwitch::seen(const std::filesystem::path& file, bool on) {
  const bool was_on = is_on();
  looking_since_.reset();
  if (file == file_) on_ = on;
  if (is_on() != was_on) parts_.wake();
  for (const auto& then : std::exchange(served_, {})) then();
  if (waiting_.empty() || looking_since_) return;
  if (file_) return look();
  for (const auto& then : std::exchange(waiting_, {})) then();
}

}  // namespace guard::engine
