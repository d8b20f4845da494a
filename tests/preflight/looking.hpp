// SPDX-License-Identifier: Apache-2.0
//
// A shop that is looked at before its next release: v1 is live, v2 is to come, and its metrics are made up.
#pragma once

#include "guard/config/load.hpp"
#include "guard/preflight/situation.hpp"
#include "tests/replay/past.hpp"
#include "tests/support/step_clock.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>

namespace guard::preflight {

using namespace std::chrono_literals;
using model::CheckState;
using replay::live;
using replay::one;
using testing::HasSubstr;

class Looking : public testing::Test {
 protected:
  Looking() {
    means_.clock = &clock_;
    means_.metrics = past_;
    auto& spec = situation_.spec;
    spec.service = "shop";
    spec.environment = "production";
    spec.version = "v2";
    spec.previous_version = "v1";
    situation_.now = clock_.now();
    situation_.deadline = clock_.now().mono + 10s;
  }
  void watched_by(const std::string& rules) { situation_.group = replay::group_of(rules); }
  // The check of this name; one that failed with no words if there is none.
  static model::Check named(const model::Checks& checks, const std::string& name) {
    const auto it = std::ranges::find(checks, name, &model::Check::name);
    return it == checks.end() ? model::Check{"no check " + name, CheckState::failed, "", ""} : *it;
  }

  test::StepClock clock_{{live, MonoTime{100h}}};
  std::shared_ptr<replay::Past> past_ = std::make_shared<replay::Past>();
  Situation situation_;
  Means means_;
};

}  // namespace guard::preflight
