// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/run.hpp"

#include "guard/metrics/read_ahead.hpp"
#include "guard/replay/replay.hpp"
#include "guard/trial/compare.hpp"
#include "guard/trial/given.hpp"

namespace guard::trial {
namespace {

using namespace std::chrono_literals;

constexpr Duration deadline = 30s;  // of one question

// What a test without series asks; what it gives itself is not asked.
class NoSeries final : public metrics::MetricsSource {
 public:
  model::Samples query(const metrics::InstantQuery&) override { return std::vector<model::Sample>{}; }
  model::Samples query_raw(const metrics::InstantQuery&) override { return std::vector<model::Sample>{}; }
  model::Samples query_range(const metrics::RangeQuery&) override { return std::vector<model::Sample>{}; }
};

// Looks at the release after each reading, and at each moment holds the latest one against what is expected.
class Run {
 public:
  Run(const Test& test, const Wait& wait) : test_(test), wait_(wait) {}

  Result<std::vector<config::Diagnostic>> over(metrics::MetricsSource& metrics) {
    const auto live = *test_.release.spec.live_at;
    const auto end = live + test_.moments.back().at;
    metrics::ReadAhead ahead(metrics, {test_.group->interval, end});
    replay::History history{ahead, end, deadline};
    history.known = [this](const core::Question& question) { return known_answer(test_, question); };
    history.firing = [this](WallTime at) { return firing_alerts(test_, at); };
    replay::replay(test_.release, test_.group, history,
                   [this](const replay::Course& course, Instant at) { return look(course, at); });
    if (interrupted_) return fail(ErrorCode::unavailable, "interrupted");
    compare_until(WallTime::max());
    return std::move(differences_);
  }

 private:
  bool look(const replay::Course& course, Instant at) {
    interrupted_ = !wait_(0ms);
    compare_until(at.wall);
    latest_ = Standing{course.watch, course.conclusions, at};
    const auto* gravest = replay::gravest(course);
    const bool rolls_back = gravest != nullptr && gravest->decision.kind == model::DecisionKind::rollback;
    return !interrupted_ && !rolls_back;
  }

  // The moments before `end` that were not looked at yet.
  void compare_until(WallTime end) {
    for (; next_ < test_.moments.size() && *test_.release.spec.live_at + test_.moments[next_].at < end; ++next_) {
      const auto found = differences(test_.moments[next_], *latest_);
      differences_.insert(differences_.end(), found.begin(), found.end());
    }
  }

  const Test& test_;
  const Wait& wait_;
  std::optional<Standing> latest_;  // there is one from live on
  std::size_t next_ = 0;            // of the moments
  bool interrupted_ = false;
  std::vector<config::Diagnostic> differences_;
};

}  // namespace

Result<std::vector<config::Diagnostic>> run(const Test& test, const Surroundings& around) {
  Run run(test, around.wait);
  if (!needs_server(test)) {
    NoSeries nothing;
    return run.over(nothing);
  }
  const auto server = around.start();
  if (!server) return std::unexpected(server.error());
  if (const auto stored = (*server)->store(test.series, test.interval); !stored) return std::unexpected(stored.error());
  return run.over((*server)->metrics());
}

}  // namespace guard::trial
