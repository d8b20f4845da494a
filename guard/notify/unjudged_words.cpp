// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/unjudged_words.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/reason_words.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::notify {

using Kind = OwnAlertKind;

// "meme-maker v1.2.0 in production"
namespace {

std::optional<Message> cannot_judge(const story::ReleaseView& release) {
  std::vector<std::string> blind;
  std::optional<WallTime> since;
  for (const auto& rule : release.rules) {
    if (!rule.unread_since) continue;
    since = std::min(since.value_or(*rule.unread_since), *rule.unread_since);
    blind.push_back(rule.read_at ? fmt::format("{}: {}", rule.slo, core::explain(rule.reading_reason))
                                 : fmt::format("{}: never asked yet", rule.slo));
  }
  if (!since) return std::nullopt;
  return Message{Kind::cannot_judge,
                 *since,
                 fmt::format("{} cannot be judged.", name_of(release)),
                 "Until its rules can be read again a breach goes unnoticed, and the release will end unverified.",
                 fmt::format("not read since {}: {}", time_text(*since), fmt::join(blind, "; ")),
                 "asks again at each interval"};
}

// Its rules are read, and see too little.
std::optional<Message> sees_too_little(const story::ReleaseView& release) {
  std::vector<std::string> short_of;
  for (const auto& rule : release.rules)
    if (rule.falls_short) short_of.push_back(*rule.falls_short);
  if (short_of.empty()) return std::nullopt;
  return Message{Kind::cannot_judge,
                 release.phase_since,
                 fmt::format("{} sees too little to be judged.", name_of(release)),
                 "Look at the service, or send it some requests: as it is, the release will end unverified.",
                 fmt::format("{}", fmt::join(short_of, "; ")),
                 "goes on counting"};
}

// It was announced as live, or the hook as done, and the version is not there.
std::optional<Message> not_serving(const story::ReleaseView& release) {
  if (!release.serving_overdue) return std::nullopt;
  return Message{
      Kind::cannot_judge,
      release.phase_since,
      fmt::format("{} cannot be judged: the version that should run is not seen to serve.", name_of(release)),
      "A person must look whether the deployment went through. Until it serves nothing is held against it, and "
      "it will not pass.",
      release.not_serving.value_or(""),
      "asks again at each interval"};
}

// Nothing reads wrong, but nobody knows what is being read.
std::optional<Message> disturbed(const story::ReleaseView& release) {
  if (!release.disturbance) return std::nullopt;
  return Message{Kind::cannot_judge,
                 release.phase_since,
                 fmt::format("{} cannot be judged.", name_of(release)),
                 "A person must look at which version is served. The release will end unverified.",
                 *release.disturbance,
                 "goes on reading its objectives"};
}

}  // namespace

std::optional<Message> unjudged(const story::ReleaseView& release) {
  if (!model::is_judged(release.phase) || release.paused) return std::nullopt;
  const bool watched = release.phase == model::Phase::settling || release.phase == model::Phase::watching;
  auto why = watched ? disturbed(release) : std::nullopt;
  if (!why) why = not_serving(release);
  if (!why) why = cannot_judge(release);
  if (!why) why = sees_too_little(release);
  return why;
}

}  // namespace guard::notify
