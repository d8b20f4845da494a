// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report_series.hpp"

#include <memory>

namespace guard::api {
namespace {

struct Gathering {
  std::vector<story::SeriesView> series;
  std::size_t missing = 0;
  SeriesDone done;
};

std::vector<story::SeriesView> blanks(const story::ReleaseView& view) {
  std::vector<story::SeriesView> out;
  if (!view.live_at) return out;
  for (const auto& rule : view.rules) {
    if (!model::is_measured(rule.kind)) continue;
    story::SeriesView blank;
    blank.release = view.spec.id;
    blank.slo = rule.slo;
    blank.objective = rule.objective;
    blank.unit = rule.unit;
    out.push_back(std::move(blank));
  }
  return out;
}

}  // namespace

void ask_series(engine::GuardService& guard, const story::ReleaseView& view, SeriesDone done) {
  auto series = blanks(view);
  if (series.empty()) return done({});
  const auto count = series.size();
  const auto all = std::make_shared<Gathering>(Gathering{std::move(series), count, std::move(done)});
  for (std::size_t i = 0; i < count; ++i) {
    engine::SeriesQuery query{all->series[i].release, all->series[i].slo};
    guard.series(std::move(query), [all, i](Result<story::SeriesView> drawn) {
      if (drawn)
        all->series[i] = std::move(*drawn);
      else
        all->series[i].problem = drawn.error().message;
      if (--all->missing == 0) all->done(std::move(all->series));
    });
  }
}

}  // namespace guard::api
