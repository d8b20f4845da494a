// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/read_ahead.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace guard::metrics {
namespace {

// One expression is followed as of now and as of its baselines.
constexpr std::size_t most_tracks = 8;

struct Ranged {
  std::string selector;
  Duration range{0};
};

// Of `selector[range]`; nothing where it is written in another way.
std::optional<Ranged> parts_of(const std::string& expr) {
  const auto open = expr.rfind('[');
  if (open == std::string::npos || !expr.ends_with(']')) return std::nullopt;
  const auto range = parse_duration(expr.substr(open + 1, expr.size() - open - 2));
  return range ? std::optional(Ranged{expr.substr(0, open), *range}) : std::nullopt;
}

// Keeps what was answered; less is asked for with the next question where nothing was.
template <class Track>
bool take(Track& track, model::Samples&& answer, WallTime from, WallTime to) {
  if (!answer) {
    track.ahead = std::max<std::size_t>(1, track.ahead / 2);
    track.from.reset();
    return false;
  }
  track.samples = std::move(*answer);
  track.from = from;
  track.to = to;
  return true;
}

}  // namespace

// The track that is followed to `at` with this question, or nullptr where it is asked for the first time.
ReadAhead::Track* ReadAhead::go_on(Tracks& tracks, WallTime at, std::size_t ahead) const {
  const auto known = std::ranges::find_if(
      tracks, [&](const Track& track) { return track.asked <= at && at <= track.asked + options_.step; });
  if (known != tracks.end()) {
    known->asked = at;
    tracks.splice(tracks.begin(), tracks, known);
    return &tracks.front();
  }
  if (tracks.size() == most_tracks) tracks.pop_back();
  tracks.push_front({at, ahead, std::nullopt, {}, {}});
  return nullptr;
}

WallTime ReadAhead::end_of(const Track& track, WallTime at) const {
  const auto steps = std::max(Duration{0}, Duration(options_.until - at)) / options_.step;
  return at + options_.step * std::min(static_cast<Duration::rep>(track.ahead - 1), steps);
}

model::Samples ReadAhead::query(const InstantQuery& query) {
  auto* track = go_on(values_[query.expr], query.at, options_.points);
  if (track == nullptr) return source_.query(query);
  const bool on_grid = track->from && (query.at - *track->from) % options_.step == Duration{0};
  if (!on_grid || !track->covers(query.at, query.at)) {
    const auto to = end_of(*track, query.at);
    auto points = source_.query_range({query.expr, query.at, to, options_.step, query.deadline});
    if (!take(*track, std::move(points), query.at, to)) return source_.query(query);
    std::ranges::stable_sort(track->samples, {}, &model::Sample::at);
  }
  const auto [first, last] = std::ranges::equal_range(track->samples, query.at, {}, &model::Sample::at);
  return std::vector(first, last);
}

// A range begins after its first moment (Prometheus 3, "left-open").
model::Samples ReadAhead::query_raw(const InstantQuery& query) {
  const auto parts = parts_of(query.expr);
  auto* track = parts ? go_on(raw_[parts->selector], query.at, options_.raw_points) : nullptr;
  if (track == nullptr) return source_.query_raw(query);
  const auto begin = query.at - parts->range;
  if (!track->covers(begin, query.at)) {
    const auto to = end_of(*track, query.at);
    const auto all = fmt::format("{}[{}]", parts->selector, format_duration(parts->range + (to - query.at)));
    if (!take(*track, source_.query_raw({all, to, query.deadline}), begin, to)) return source_.query_raw(query);
  }
  std::vector<model::Sample> out;
  std::ranges::copy_if(track->samples, std::back_inserter(out),
                       [&](const auto& sample) { return begin < sample.at && sample.at <= query.at; });
  return out;
}

}  // namespace guard::metrics
