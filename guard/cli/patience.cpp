// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/patience.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::cli {
namespace {

constexpr Duration patience = std::chrono::minutes(1);
constexpr Duration first_pause = std::chrono::milliseconds(500);
constexpr Duration longest_pause = std::chrono::seconds(5);

bool helps(ErrorCode code, Repeat repeat) {
  if (code == ErrorCode::unavailable) return true;
  const bool unclear = code == ErrorCode::timeout || code == ErrorCode::broken;
  return unclear && repeat == Repeat::always;
}

}  // namespace

Result<std::string> persist(World& world, Repeat repeat, const std::function<Result<std::string>()>& attempt) {
  const auto give_up_at = world.clock->now().mono + patience;
  for (int number = 2;; ++number) {
    auto result = attempt();
    const auto left = give_up_at - world.clock->now().mono;
    if (result || !helps(result.error().code, repeat) || left <= Duration::zero()) return result;
    if (number == 2) *world.err << fmt::format("{}; trying again for a minute\n", result.error().message) << std::flush;
    const auto pause = backoff(number, first_pause, longest_pause, world.random->uniform());
    if (!world.waiter->wait(std::min(pause, left))) return result;
  }
}

}  // namespace guard::cli
