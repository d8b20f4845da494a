// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"
#include "guard/api/report_parts.hpp"
#include "guard/api/router.hpp"
#include "guard/api/target.hpp"
#include "guard/base/duration.hpp"
#include "guard/report/period.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

namespace guard::api {
namespace {

using config::Role;
using report::Period;
using report::PeriodFormat;
using store::TimelinePage;

// A report names more, and leaves the rest to the API.
constexpr std::size_t most_releases = 50;
constexpr std::size_t timeline_of_each = 500;

Result<engine::FiguresQuery> read_query(const Request& request, Duration otherwise) {
  engine::FiguresQuery query{places_in(request), otherwise};
  const auto since = request.parameter("since");
  if (since.empty()) return query;
  const auto duration = parse_duration(since);
  if (!duration || *duration <= Duration{0} || *duration > longest_span)
    return fail(ErrorCode::invalid,
                fmt::format("since must be a duration up to {}, as 24h or 30d", format_duration(longest_span)));
  query.since = *duration;
  return query;
}

void figures(const Services& services, const Request& request, const Reply& reply) {
  static constexpr std::array<std::string_view, 3> known{"since", "service", "environment"};
  if (auto read = only_parameters(request, known); !read) return reply(error_response(read.error()));
  const auto query = read_query(request, std::chrono::hours(24 * 30));
  if (!query) return reply(error_response(query.error()));
  reply(json_response(200, story::to_json(services.guard.figures(*query))));
}

Result<PeriodFormat> read_format(const Request& request) {
  const auto name = request.parameter("format");
  if (!name.empty()) {
    if (const auto format = from_string<PeriodFormat>(name)) return *format;
    return fail(ErrorCode::invalid, "format must be text, md, html or json");
  }
  const auto accept = request.header("accept");
  if (accept.find("text/html") != std::string::npos) return PeriodFormat::html;
  return accept.find("application/json") != std::string::npos ? PeriodFormat::json : PeriodFormat::md;
}

bool could_be_read(const std::vector<story::SeriesView>& series) {
  return series.empty() || std::ranges::any_of(series, [](const story::SeriesView& each) { return !each.problem; });
}

// Asks for what each release needs, one after the other. Where Prometheus tells nothing of one, no more is asked of it.
class PeriodGathering : public std::enable_shared_from_this<PeriodGathering> {
 public:
  PeriodGathering(engine::GuardService& guard, Period period, std::function<void(const Period&)> done)
      : guard_(guard), period_(std::move(period)), done_(std::move(done)) {}

  void go_on(std::size_t index = 0) {
    if (index == period_.releases.size()) return done_(period_);
    guard_.timeline({period_.releases[index].view.spec.id, timeline_of_each, std::nullopt},
                    [self = shared_from_this(), index](const Result<TimelinePage>& page) {
                      if (page) self->take(index, *page);
                      self->ask(index);
                    });
  }

 private:
  void take(std::size_t index, const TimelinePage& page) {
    period_.releases[index].timeline = page.events;
    period_.releases[index].timeline_before = page.before;
  }

  void ask(std::size_t index) {
    if (!readable_) return go_on(index + 1);
    ask_series(guard_, period_.releases[index].view,
               [self = shared_from_this(), index](std::vector<story::SeriesView> series) {
                 self->readable_ = could_be_read(series);
                 self->period_.releases[index].series = std::move(series);
                 self->go_on(index + 1);
               });
  }

  engine::GuardService& guard_;
  Period period_;
  std::function<void(const Period&)> done_;
  bool readable_ = true;
};

Period period_of(engine::GuardService& guard, const engine::FiguresQuery& query) {
  Period period;
  period.places = query.places;
  period.delivery = guard.figures(query);
  period.in_force = guard.health().in_force;
  const auto ever = guard.figures({query.places, longest_span});
  engine::ReleaseFilter filter;
  filter.places = query.places;
  const auto outside = story::outside_of(*guard.settings());
  for (auto& view : guard.releases(filter)) {
    if (!report::belongs_to(view, period.delivery.from)) continue;
    if (period.releases.size() == most_releases) {
      ++period.left_out;
      continue;
    }
    report::Report each;
    each.failure = failure_of(ever, view.spec.id);
    each.view = std::move(view);
    each.outside = outside;
    period.releases.push_back(std::move(each));
  }
  return period;
}

void report_over_time(const Services& services, const Request& request, const Reply& reply) {
  static constexpr std::array<std::string_view, 4> known{"since", "service", "environment", "format"};
  if (auto read = only_parameters(request, known); !read) return reply(error_response(read.error()));
  const auto query = read_query(request, std::chrono::hours(24));
  if (!query) return reply(error_response(query.error()));
  const auto format = read_format(request);
  if (!format) return reply(error_response(format.error()));
  std::make_shared<PeriodGathering>(
      services.guard, period_of(services.guard, *query),
      [reply, format = *format](const Period& period) { reply(as_response(report::written(period, format))); })
      ->go_on();
}

}  // namespace

std::vector<Route> figures_routes(const Services& services) {
  return {{"GET", "/api/v1/figures", Role::read, false,
           [services](const Request& request, const Reply& reply) { figures(services, request, reply); }},
          {"GET", "/api/v1/report", Role::read, false,
           [services](const Request& request, const Reply& reply) { report_over_time(services, request, reply); }}};
}

}  // namespace guard::api
