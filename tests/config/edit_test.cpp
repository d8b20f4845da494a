// SPDX-License-Identifier: Apache-2.0
#include "guard/config/edit.hpp"

#include <gtest/gtest.h>

namespace guard::config {
namespace {

constexpr const char* text = R"(# what we watch
groups:
  - name: shop
    rules:
      - slo: error_rate
        objective: "< 1%"     # since the outage of May
      - { slo: queue, expr: x, objective: '< 10', for: 5m }
      - { slo: up, expr: x, objective: 0.5 <= , for: 5m }
  - name: cart
    rules:
      - slo: error_rate
        objective: < 3%   # plain
)";

std::string replaced(std::string in, const std::string& from, const std::string& to) {
  in.replace(in.find(from), from.size(), to);
  return in;
}

TEST(Edit, OnlyTheObjectiveIsChanged) {
  EXPECT_EQ(with_objective(text, {"shop", "error_rate"}, "< 2%"), replaced(text, "\"< 1%\"", "\"< 2%\""));
  EXPECT_EQ(with_objective(text, {"shop", "queue"}, "< 15"), replaced(text, "'< 10'", "\"< 15\""));
}

TEST(Edit, APlainOneEndsBeforeWhatFollows) {
  EXPECT_EQ(with_objective(text, {"cart", "error_rate"}, "< 5%"), replaced(text, "< 3% ", "\"< 5%\" "));
  EXPECT_EQ(with_objective(text, {"shop", "up"}, ">= 1"), replaced(text, "0.5 <= ", "\">= 1\" "));
}

TEST(Edit, WhatIsNotThereIsSaid) {
  EXPECT_EQ(with_objective(text, {"shop", "latency"}, "< 1s").error().code, ErrorCode::not_found);
  EXPECT_EQ(with_objective(text, {"bank", "error_rate"}, "< 1s").error().code, ErrorCode::not_found);
  EXPECT_EQ(with_objective("groups: [", {"shop", "error_rate"}, "< 1%").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace guard::config
