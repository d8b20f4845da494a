// SPDX-License-Identifier: Apache-2.0
//
// A configuration and a rule file with every key, as they are read.
#pragma once

#include "guard/config/load.hpp"

#include <cstddef>
#include <filesystem>

#include <gtest/gtest.h>

namespace guard::config {

inline const std::filesystem::path folder = std::filesystem::path(TESTDATA_DIR) / "config/full";

inline const Settings& settings() {
  static const auto loaded = load_settings(folder / "guard.yml");
  EXPECT_EQ(format(loaded.diagnostics), "");
  static const Settings empty;
  return loaded.value ? *loaded.value : empty;
}

inline const model::RuleGroup& group() {
  return *settings().groups.at(0);
}
inline const model::Rule& full_rule(std::size_t i) {
  return group().rules.at(i);
}

}  // namespace guard::config
