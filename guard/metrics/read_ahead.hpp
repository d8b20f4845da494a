// SPDX-License-Identifier: Apache-2.0
//
// Recorded history, read with few large questions and played back point by point: what is asked again one step later is
// asked as a range from there on, and the points of that range answer what is asked next. Holds no more than those of
// one range for each question. For a past that does not change. One owner each; the source may be shared.
#pragma once

#include "guard/metrics/metrics_source.hpp"

#include <list>
#include <map>
#include <optional>
#include <string>

namespace guard::metrics {

class ReadAhead final : public MetricsSource {
 public:
  struct Options {
    Duration step{0};             // from one question to the next
    WallTime until{};             // nothing after this is read ahead
    std::size_t points = 240;     // of an expression, at most, with one question
    std::size_t raw_points = 40;  // steps of which every sample is read, at most, with one question
  };
  // `source` must outlive it.
  ReadAhead(MetricsSource& source, Options options) : source_(source), options_(options) {}

  model::Samples query(const InstantQuery& query) override;
  model::Samples query_raw(const InstantQuery& query) override;
  // Asked as it is: nothing asks for the same range twice.
  model::Samples query_range(const RangeQuery& query) override { return source_.query_range(query); }

 private:
  // What was read of one question from one moment on.
  struct Track {
    WallTime asked{};              // the latest moment
    std::size_t ahead = 1;         // steps to read with the next question
    std::optional<WallTime> from;  // what was read begins here; empty: nothing was
    WallTime to{};
    std::vector<model::Sample> samples;

    bool covers(WallTime first, WallTime last) const { return from && *from <= first && last <= to; }
  };
  // The same expression may be followed at several distances from now: a baseline is the value of a week before.
  using Tracks = std::list<Track>;

  Track* go_on(Tracks& tracks, WallTime at, std::size_t ahead) const;
  WallTime end_of(const Track& track, WallTime at) const;

  MetricsSource& source_;
  Options options_;
  std::map<std::string, Tracks> values_;
  std::map<std::string, Tracks> raw_;
};

}  // namespace guard::metrics
