// SPDX-License-Identifier: Apache-2.0
#include "guard/client/release_wait.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::client {
namespace {

constexpr Duration look_every = std::chrono::seconds(1);
constexpr Duration first_contact = std::chrono::minutes(1);

// A rollback that helped is what a pipeline needs to know; that it goes on holding is for people.
bool is_over(const ReleaseAnswer& release) {
  return release.final || (release.phase == "verifying" && release.held_again_at && !release.broken_again_at);
}

bool may_pass(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::timeout || code == ErrorCode::broken;
}

class Wait {
 public:
  Wait(const GuardApi& api, const Pace& pace, const WaitOptions& options, WaitObserver& observer)
      : api_(&api),
        pace_(&pace),
        options_(&options),
        observer_(&observer),
        started_(pace.clock->now().mono),
        last_answer_(started_),
        seen_(options.seen) {}

  Result<Ended> run() {
    for (;;) {
      auto body = api_->get(release_path(options_->release));
      if (body) {
        auto release = answered(*body);
        if (!release) return std::unexpected(release.error());
        if (is_over(*release)) return Ended{std::move(*release), std::move(*body)};
      } else if (auto fatal = away(body.error())) {
        return std::unexpected(std::move(*fatal));
      }
      if (auto over = pause()) return std::unexpected(std::move(*over));
    }
  }

 private:
  Result<ReleaseAnswer> answered(const std::string& body) {
    auto release = read_release(body);
    if (!release) return release;
    seen_ = true;
    last_answer_ = pace_->clock->now().mono;
    phase_ = release->phase;
    tell_decisions(*release);
    if (!is_over(*release)) observer_->stands(*release);
    return release;
  }

  void tell_decisions(const ReleaseAnswer& release) {
    for (const auto& decision : release.decisions) {
      if (decision.number <= told_) continue;
      told_ = decision.number;
      observer_->decided(decision);
    }
  }

  // The error, if there is no point in waiting for the guard to come back.
  std::optional<Error> away(const Error& error) {
    const auto since = pace_->clock->now().mono - last_answer_;
    if (!may_pass(error.code) || (!seen_ && since >= first_contact)) return error;
    observer_->is_away(since, error);
    return std::nullopt;
  }

  // Lets a second pass; an error if the wait must end now.
  std::optional<Error> pause() {
    auto time = look_every;
    if (options_->timeout) {
      const auto left = *options_->timeout - (pace_->clock->now().mono - started_);
      if (left <= Duration::zero()) return timed_out();
      time = std::min(time, left);
    }
    if (pace_->waiter->wait(time)) return std::nullopt;
    return Error{ErrorCode::unavailable,
                 fmt::format("the wait was interrupted; the guard goes on with release {}", options_->release)};
  }

  Error timed_out() const {
    return {ErrorCode::timeout,
            fmt::format("release {} has not ended within {}, its last known phase is {}; the guard "
                        "goes on with it",
                        options_->release, format_duration(*options_->timeout), phase_.empty() ? "unknown" : phase_)};
  }

  const GuardApi* api_;
  const Pace* pace_;
  const WaitOptions* options_;
  WaitObserver* observer_;
  MonoTime started_;
  MonoTime last_answer_;
  bool seen_;
  std::string phase_;
  int told_ = 0;  // the number of the newest decision that was told
};

}  // namespace

Result<Ended> wait_for_end(const GuardApi& api, const Pace& pace, const WaitOptions& options, WaitObserver& observer) {
  return Wait(api, pace, options, observer).run();
}

}  // namespace guard::client
