// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/detector.hpp"

#include "guard/core/beginning.hpp"
#include "guard/engine/found_release.hpp"

#include <algorithm>

namespace guard::engine {
namespace {

struct Reading {
  model::Samples answer;
  Duration took{0};
};

// What is there when nothing was seen before is where changes begin.
std::optional<core::VersionChange> first_of(const core::Running& running, WallTime at) {
  const auto leader = core::leader_of(running, "");
  return leader ? std::optional(core::VersionChange{*leader, at, at}) : std::nullopt;
}

}  // namespace

MonoTime Detector::tick(Instant now) {
  auto next = MonoTime::max();
  const auto runtime = parts_.runtime();
  std::set<std::string> wanted;
  for (const auto& group : runtime->settings->groups) {
    if (group->detect.empty()) continue;
    wanted.insert(group->name);
    auto& poll = polls_[group->name];
    if (!poll.asking && poll.due <= now.mono && asking_ < detections_at_once) ask(group, runtime, now);
    // What waits for another answer is asked when that has come.
    if (!poll.asking && poll.due > now.mono) next = std::min(next, poll.due);
  }
  std::erase_if(polls_, [&](const auto& entry) { return !entry.second.asking && !wanted.contains(entry.first); });
  return next;
}

void Detector::ask(const model::RuleGroupPtr& group, const RuntimePtr& runtime, Instant now) {
  auto& poll = polls_[group->name];
  poll.due = now.mono + group->interval;
  if (!runtime->metrics) return;
  poll.asking = true;
  ++asking_;
  const auto timeout = runtime->settings->prometheus ? runtime->settings->prometheus->timeout : group->interval;
  const auto work = [group, runtime, at = now.wall, timeout, &clock = parts_.clock] {
    const auto begin = clock.now().mono;
    auto answer = runtime->metrics->query({group->detect, at, timeout});
    return Reading{std::move(answer), clock.now().mono - begin};
  };
  run_blocking(parts_.executor, Lane::past, work, [this, group, at = now.wall](const Reading& reading) {
    --asking_;
    polls_[group->name].asking = false;
    parts_.telemetry.queried(reading.took, reading.answer.has_value());
    answered(group, at, reading.answer);
    parts_.wake();
  });
}

// A reading that tells nothing changes nothing.
void Detector::answered(const model::RuleGroupPtr& group, WallTime at, const model::Samples& answer) {
  if (!answer) return record_trouble(*group, answer.error().message);
  const auto seen = core::versions_seen(*group, *answer);
  record_trouble(*group, seen.problem);
  for (const auto& [place, running] : seen.places) look(*group, place, running, at);
}

void Detector::record_trouble(const model::RuleGroup& group, const std::optional<std::string>& trouble) {
  auto& known = polls_[group.name].trouble;
  if (known == trouble) return;
  known = trouble;
  if (!trouble)
    parts_.log.info("detect", "what runs can be told again", {{"group", group.name}});
  else
    parts_.log.warn("detect", "nobody can tell what runs", {{"group", group.name}, {"err", *trouble}});
}

void Detector::look(const model::RuleGroup& group, const model::Place& place, const core::Running& running,
                    WallTime at) {
  if (pending_.contains(place)) return;
  const auto known = parts_.ledger.fleet().seen(place).value_or(model::SeenVersion{place, "", at});
  const auto change = known.version.empty() ? first_of(running, at)
                                            : core::follow(lookouts_[{group.name, place}], running, known.version, at);
  if (change && is_of(group, found_spec(parts_.ledger.fleet(), known, *change))) submit(place, *change);
}

// What another group would watch is that one's to find.
bool Detector::is_of(const model::RuleGroup& group, const model::ReleaseSpec& spec) const {
  const auto own = core::group_for(spec, parts_.runtime()->settings->groups);
  return own && (*own)->name == group.name;
}

void Detector::submit(const model::Place& place, const core::VersionChange& change) {
  pending_.insert(place);
  auto found = std::make_shared<Found>();
  const auto operation = [this, place, change, found](Draft& draft) -> Result<void> {
    auto taken = take_change(draft, place, change,
                             {*parts_.runtime(), parts_.brakes(), parts_.clock.boot_id(), parts_.preflights});
    if (!taken) return std::unexpected(taken.error());
    *found = std::move(*taken);
    return {};
  };
  parts_.ledger.submit(operation, [this, place, change, found](const Result<std::monostate>& durable) {
    pending_.erase(place);
    if (!durable)
      parts_.log.error("detect", "a version that runs could not be announced",
                       {{"service", place.service},
                        {"environment", place.environment},
                        {"version", change.version},
                        {"err", durable.error().message}});
    else if (found->release)
      parts_.log.info("detect", "found a release",
                      {{"release", *found->release}, {"version", change.version}, {"warning", found->reason}});
  });
}

std::map<std::string, bool> Detector::blind() const {
  std::map<std::string, bool> out;
  for (const auto& [group, poll] : polls_) out.emplace(group, poll.trouble.has_value());
  return out;
}

}  // namespace guard::engine
