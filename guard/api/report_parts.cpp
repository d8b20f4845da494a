// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report_parts.hpp"

#include <algorithm>
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

std::optional<story::FailureView> failure_of(const story::DeliveryView& figures, const std::string& release) {
  const auto it = std::ranges::find(figures.failures, release, &story::FailureView::release);
  return it == figures.failures.end() ? std::nullopt : std::optional(*it);
}

Response as_response(report::Document document) {
  auto response = text_response(200, std::move(document.body), std::move(document.content_type));
  if (!document.policy.empty()) response.headers["Content-Security-Policy"] = std::move(document.policy);
  return response;
}

}  // namespace guard::api
