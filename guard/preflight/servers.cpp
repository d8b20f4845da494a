// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/servers.hpp"

#include "guard/preflight/subject.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace guard::preflight {
namespace {

using model::Check;
using model::CheckState;
using model::Labels;

constexpr std::size_t most_named = 5;

// The matcher on `job` of this selector, or empty.
std::string job_of(std::string_view selector) {
  for (const auto matcher : promql::matchers_of(selector, promql::Syntax::promql)) {
    const auto parsed = model::Matcher::parse(matcher);
    if (parsed && parsed->name() == "job") return std::string(matcher);
  }
  return "";
}

std::string label_of(const Labels& labels, const std::string& name) {
  const auto it = labels.find(name);
  return it == labels.end() ? "?" : it->second;
}

std::string named(const std::vector<std::string>& all) {
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), most_named); ++i) out += (i == 0 ? "" : ", ") + all[i];
  return all.size() > most_named ? fmt::format("{} and {} more", out, all.size() - most_named) : out;
}

Check targets(const Situation& situation, const Means& means) {
  const auto query = targets_query(expressions_of(situation));
  const auto up = means.metrics->query({query, situation.now.wall, left(situation, means)});
  if (!up) return {"targets", CheckState::unknown, up.error().message, "see what Prometheus says of its targets"};
  if (up->empty())
    return {"targets", CheckState::failed,
            fmt::format("{} has no series: nothing is scraped that the rules read", query),
            "compare the jobs in the rules with those of Prometheus (/targets)"};
  std::vector<std::string> down;
  for (const auto& sample : *up)
    if (sample.value != 1)
      down.push_back(fmt::format("{} {}", label_of(sample.labels, "job"), label_of(sample.labels, "instance")));
  if (down.empty()) return {"targets", CheckState::passed, fmt::format("all {} are up", up->size()), ""};
  return {"targets", CheckState::failed, fmt::format("{} of {} are down: {}", down.size(), up->size(), named(down)),
          "bring them up, or take them out of Prometheus' configuration"};
}

Check prometheus(const Situation& situation, const Means& means) {
  const auto there = means.prometheus->probe(left(situation, means));
  if (there) return {"prometheus", CheckState::passed, means.prometheus_address + " answers", ""};
  return {"prometheus", CheckState::failed, fmt::format("{}: {}", means.prometheus_address, there.error().message),
          "without it nothing can be measured: bring it back before the release"};
}

Check alertmanagers(const Situation& situation, const Means& means) {
  const auto there = means.alertmanager->probe(left(situation, means));
  std::vector<std::string> away;
  for (std::size_t i = 0; i < there.size(); ++i)
    if (!there[i]) away.push_back(fmt::format("{}: {}", means.alertmanager_addresses.at(i), there[i].error().message));
  if (away.empty()) return {"alertmanager", CheckState::passed, named(means.alertmanager_addresses) + " answers", ""};
  return {"alertmanager", CheckState::failed, named(away),
          "without it nobody is told: bring it back before the release"};
}

Check alert_delivery(const Situation& situation, const Means& means) {
  const auto told = means.prometheus->alertmanagers(left(situation, means));
  if (!told)
    return {"alert_delivery", CheckState::unknown,
            fmt::format("where Prometheus sends its alerts is not known: {}", told.error().message),
            "make sure that its alerts reach Alertmanager"};
  if (told->empty())
    return {"alert_delivery", CheckState::failed, "Prometheus sends its alerts to no Alertmanager",
            "name it under `alerting` in Prometheus' configuration"};
  return {"alert_delivery", CheckState::passed, "Prometheus sends its alerts to " + named(*told), ""};
}

}  // namespace

std::string targets_query(const std::vector<std::string>& expressions) {
  std::set<std::string> jobs;
  for (const auto& expr : expressions)
    for (const auto& selector : promql::read_selectors(expr, promql::Syntax::promql).found)
      jobs.insert(job_of(selector.text));
  if (jobs.empty() || jobs.contains("")) return "up";
  std::string out;
  for (const auto& job : jobs) out += fmt::format("{}up{{{}}}", out.empty() ? "" : " or ", job);
  return out;
}

model::Checks look_at_servers(const Situation& situation, const Means& means) {
  model::Checks out;
  if (means.prometheus) {
    out.push_back(prometheus(situation, means));
    if (out.back().state == CheckState::passed) {
      out.push_back(targets(situation, means));
      out.push_back(alert_delivery(situation, means));
    }
  }
  if (means.alertmanager && !means.alertmanager_addresses.empty()) out.push_back(alertmanagers(situation, means));
  return out;
}

}  // namespace guard::preflight
