// SPDX-License-Identifier: Apache-2.0
#include "guard/story/views.hpp"

#include <algorithm>

namespace guard::story {
namespace {

// Nothing looked at is nothing known.
model::CheckState worst_of(const std::vector<model::Check>& checks) {
  using enum model::CheckState;
  const auto has = [&](model::CheckState state) { return std::ranges::count(checks, state, &model::Check::state) > 0; };
  if (has(failed)) return failed;
  return checks.empty() || has(unknown) ? unknown : passed;
}

}  // namespace

PreflightView preflight_view(PreflightView about, const std::vector<model::Check>& checks) {
  about.state = to_string(worst_of(checks));
  for (const auto& check : checks)
    about.checks.push_back({check.name, std::string(to_string(check.state)), check.seen, check.advice});
  return about;
}

}  // namespace guard::story
