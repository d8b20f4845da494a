// SPDX-License-Identifier: Apache-2.0
#include "guard/client/retry.hpp"

#include <algorithm>

namespace guard::client {
namespace {

constexpr Duration give_up_after = std::chrono::minutes(1);
constexpr Duration first_pause = std::chrono::milliseconds(500);
constexpr Duration longest_pause = std::chrono::seconds(5);

bool helps(ErrorCode code, Repeat repeat) {
  if (code == ErrorCode::unavailable) return true;
  const bool unclear = code == ErrorCode::timeout || code == ErrorCode::broken;
  return unclear && repeat == Repeat::always;
}

}  // namespace

Result<std::string> retry(const Pace& pace, Repeat repeat, const Call& call,
                          const std::function<void(const Error&)>& on_first_failure) {
  const auto give_up_at = pace.clock->now().mono + give_up_after;
  for (int number = 2;; ++number) {
    auto result = call();
    const auto left = give_up_at - pace.clock->now().mono;
    if (result || !helps(result.error().code, repeat) || left <= Duration::zero()) return result;
    if (number == 2) on_first_failure(result.error());
    const auto pause = backoff(number, first_pause, longest_pause, pace.random->uniform());
    if (!pace.waiter->wait(std::min(pause, left))) return result;
  }
}

}  // namespace guard::client
