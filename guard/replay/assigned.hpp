// SPDX-License-Identifier: Apache-2.0
//
// Which of the deployments that metrics remember are releases of which rule group: those of the jobs that its rules
// read. Pure.
#pragma once

#include "guard/model/rule.hpp"
#include "guard/replay/deploys.hpp"
#include "guard/replay/release.hpp"

#include <vector>

namespace guard::replay {

// In order of time, each deployment once. Service and environment are those that the group's own matchers name; where
// they name none, the service is the job, and the environment "production".
std::vector<Release> assigned(const std::vector<Deploy>& deploys, const std::vector<model::RuleGroupPtr>& groups);

}  // namespace guard::replay
