// SPDX-License-Identifier: Apache-2.0
//
// Where people see for themselves what the guard speaks of: the dashboard, the expression in Prometheus, the alert, the
// pipeline's run. Only http and https, and only what is configured or was said from outside: no link is better than one
// that leads nowhere. Pure.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::story {

struct Link {
  std::string name;
  std::string url;
};

// The addresses people reach the other servers at; empty: not known.
struct Outside {
  std::string prometheus;
  std::string alertmanager;
  config::WebLinks web;
};
Outside outside_of(const config::Settings& settings);

// Of the release itself: its dashboard, and each of its labels that is an address.
std::vector<Link> links_of(const story::ReleaseView& view, const Outside& outside);

// The pipeline's run: its label `run`, where that is an address.
std::optional<std::string> run_link_of(const story::ReleaseView& view);

// Of one of its rules: the expression's graph over the time of the release, or the alerts that were counted.
std::vector<Link> links_of(const story::RuleView& rule, const story::ReleaseView& view, const Outside& outside);

}  // namespace guard::story
