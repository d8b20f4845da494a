// SPDX-License-Identifier: Apache-2.0
#include "guard/journal/event_json.hpp"

#include <gtest/gtest.h>

namespace guard::journal {
namespace {

Result<core::Happening> again(const core::Happening& what) {
  return decode_happening(to_string(core::kind_of(what)), encode(what));
}

TEST(EventJson, WhatIsStoredComesBack) {
  const std::vector<core::Happening> all{
      core::PhaseChanged{std::nullopt, core::Phase::deploying},
      core::PhaseChanged{core::Phase::watching, core::Phase::rolling_back},
      core::VerdictChanged{"error_rate", core::Verdict::ok, core::Verdict::pending, core::Reason::breach_pending},
      core::Decided{3, core::DecisionKind::hold, core::Brake::over, "error_rate"},
      core::Attempted{3, 2, core::CallState::calling},
      core::Signalled{"e2e", true},
      core::Ordered{core::PersonsOrder::approve, "kim"},
      core::Gap{true},
      core::Note{}};
  for (const auto& what : all) EXPECT_EQ(again(what).value(), what) << to_string(core::kind_of(what));
}

TEST(EventJson, OfAnOlderVersionTheKindIsKnown) {
  EXPECT_EQ(decode_happening("operator", "").value(), core::Happening(core::Told{core::EventKind::ordered}));
  EXPECT_EQ(encode(core::Told{core::EventKind::gap}), "");
}

TEST(EventJson, WhatHasNoMeaningIsRefused) {
  EXPECT_FALSE(decode_happening("weather", "{}"));
  EXPECT_FALSE(decode_happening("gap", "{}"));
  EXPECT_FALSE(decode_happening("gap", R"({"made_up":true,"sun":1})"));
  EXPECT_FALSE(decode_happening("note", "[]"));
}

}  // namespace
}  // namespace guard::journal
