// SPDX-License-Identifier: Apache-2.0
#include "guard/store/event_json.hpp"

#include <gtest/gtest.h>

namespace guard::store {
namespace {

Result<model::Happening> again(const model::Happening& what) {
  return decode_happening(to_string(model::kind_of(what)), encode(what));
}

TEST(EventJson, WhatIsStoredComesBack) {
  const std::vector<model::Happening> all{
      model::PhaseChanged{std::nullopt, model::Phase::deploying},
      model::PhaseChanged{model::Phase::watching, model::Phase::rolling_back},
      model::VerdictChanged{"error_rate", model::Verdict::ok, model::Verdict::pending, model::Reason::breach_pending},
      model::Decided{3, model::DecisionKind::hold, model::Brake::over, "error_rate"},
      model::Attempted{3, 2, model::CallState::calling},
      model::Signalled{"e2e", true},
      model::Ordered{model::Verb::approve, "kim"},
      model::Gap{true},
      model::Note{}};
  for (const auto& what : all) EXPECT_EQ(again(what).value(), what) << to_string(model::kind_of(what));
}

TEST(EventJson, OfAnOlderVersionTheKindIsKnown) {
  EXPECT_EQ(decode_happening("operator", "").value(), model::Happening(model::Told{model::EventKind::ordered}));
  EXPECT_EQ(encode(model::Told{model::EventKind::gap}), "");
}

TEST(EventJson, WhatHasNoMeaningIsRefused) {
  EXPECT_FALSE(decode_happening("weather", "{}"));
  EXPECT_FALSE(decode_happening("gap", "{}"));
  EXPECT_FALSE(decode_happening("gap", R"({"made_up":true,"sun":1})"));
  EXPECT_FALSE(decode_happening("note", "[]"));
}

}  // namespace
}  // namespace guard::store
