// SPDX-License-Identifier: Apache-2.0
#include "guard/core/detection.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

constexpr int readings_needed = 2;
constexpr std::size_t longest_name = 256;  // as in an announcement

std::string label_of(const Sample& sample, const std::string& name) {
  const auto it = sample.labels.find(name);
  return it == sample.labels.end() ? "" : it->second;
}

std::string named_by(const Sample& sample, const RuleGroup& group, const std::string& label) {
  auto value = label_of(sample, label);
  return value.empty() ? said_value(group.match, label) : value;
}

bool is_name(const std::string& text) {
  return text.size() <= longest_name && is_utf8(text) && is_printable(text);
}

// Why the series does not say which version runs where, or nothing.
std::optional<std::string> lack_of(const Place& place, const std::string& version) {
  if (version.empty()) return "a series has no label `version`";
  for (const auto& [name, value] : {std::pair("service", &place.service), std::pair("environment", &place.environment)})
    if (value->empty())
      return fmt::format("a series has no label `{0}`, and the group's `match` does not say `{0}=\"…\"` either", name);
  for (const auto* text : {&version, &place.service, &place.environment})
    if (!is_name(*text)) return "a label of a series is no name: " + shorten(printable(*text), 80);
  return std::nullopt;
}

}  // namespace

VersionsSeen versions_seen(const RuleGroup& group, const std::vector<Sample>& samples) {
  VersionsSeen seen;
  if (samples.empty()) seen.problem = "it has no series";
  for (const auto& sample : samples) {
    const Place place{named_by(sample, group, "service"), named_by(sample, group, "environment")};
    const auto version = label_of(sample, "version");
    if (auto lack = lack_of(place, version))
      seen.problem = std::move(*lack);
    else if (sample.value > 0)
      seen.places[place][version] += sample.value;
  }
  return seen;
}

std::optional<std::string> leader_of(const Running& running, const std::string& known) {
  double most = 0;
  for (const auto& [version, count] : running) most = std::max(most, count);
  std::optional<std::string> leader;
  for (const auto& [version, count] : running) {
    if (count < most) continue;
    if (version == known) return known;
    if (leader) return running.contains(known) && running.at(known) >= most ? std::optional(known) : std::nullopt;
    leader = version;
  }
  return leader;
}

std::optional<VersionChange> follow(Lookout& lookout, const Running& running, const std::string& known, WallTime at) {
  std::erase_if(lookout.appeared, [&](const auto& entry) { return !running.contains(entry.first); });
  for (const auto& [version, count] : running)
    if (version != known) lookout.appeared.emplace(version, at);
  lookout.appeared.erase(known);
  auto leader = leader_of(running, known);
  if (leader == known) leader.reset();
  if (leader != lookout.leads) {
    lookout.leads = leader;
    lookout.leads_since = at;
    lookout.readings = 0;
  }
  if (!leader || ++lookout.readings < readings_needed) return std::nullopt;
  return VersionChange{*leader, lookout.appeared.at(*leader), lookout.leads_since};
}

}  // namespace guard::core
