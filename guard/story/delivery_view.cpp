// SPDX-License-Identifier: Apache-2.0
#include "guard/story/delivery_view.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/model/objective.hpp"
#include "guard/story/view_writer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::story {
namespace {

constexpr std::chrono::duration<double> one_week = std::chrono::hours(24 * 7);

double per_week(std::size_t count, Duration over) {
  return over > Duration{0} ? static_cast<double>(count) * (one_week / over) : 0;
}

DeliveryFigures figures_of(const core::Delivery& delivery, Duration over) {
  DeliveryFigures out;
  out.deployments = static_cast<std::int64_t>(delivery.deployments);
  out.deployments_per_week = per_week(delivery.deployments, over);
  out.judged = static_cast<std::int64_t>(delivery.judged);
  out.failed = static_cast<std::int64_t>(delivery.failed);
  if (delivery.judged > 0)
    out.change_failure_rate = static_cast<double>(delivery.failed) / static_cast<double>(delivery.judged);
  out.unrestored = static_cast<std::int64_t>(delivery.unrestored);
  out.time_to_detect_median = delivery.detect_median;
  out.time_to_detect_p90 = delivery.detect_p90;
  out.time_to_restore_median = delivery.restore_median;
  out.time_to_restore_p90 = delivery.restore_p90;
  return out;
}

std::string times_text(std::optional<Duration> median, std::optional<Duration> p90) {
  return fmt::format("median {}, 90% within {}", short_duration(*median), short_duration(*p90));
}

// One of several digits would say more than is known.
std::string rate_text(double rate) {
  return fmt::format("{:.{}f}", rate, rate < 10 ? 1 : 0);
}

}  // namespace

DeliveryView delivery_view(const core::Deliveries& deliveries, const core::Period& period, Duration retention) {
  DeliveryView out;
  const auto kept_from = period.until - retention;
  out.from = std::max(period.from, kept_from);
  out.to = period.until;
  const auto over = out.to - out.from;
  out.all = figures_of(deliveries.all, over);
  for (const auto& [place, delivery] : deliveries.places)
    out.places.push_back({place.service, place.environment, figures_of(delivery, over)});
  for (const auto& day : deliveries.days)
    out.days.push_back({day.from, static_cast<std::int64_t>(day.deployments), static_cast<std::int64_t>(day.failed)});
  for (const auto& failure : deliveries.failures)
    out.failures.push_back({failure.release, failure.place.service, failure.place.environment, failure.version,
                            failure.live_at, failure.detected_at, failure.restored_at, failure.restored_by});
  if (kept_from > period.from)
    out.notes.push_back(
        fmt::format("the guard keeps releases for {} only (--storage.retention): what ended before {} "
                    "is not known any more",
                    format_duration(retention), time_text(kept_from)));
  if (deliveries.oldest_known.value_or(period.until) > out.from)
    out.notes.push_back(deliveries.oldest_known
                            ? fmt::format("the first release that the guard knows was announced at {}; there may have "
                                          "been others before",
                                          time_text(*deliveries.oldest_known))
                            : "the guard knows no release yet");
  out.notes.emplace_back("lead time for changes is not known: nobody tells the guard when a change was committed");
  return out;
}

json::object to_json(const DeliveryView& view) {
  return ViewWriter::object(view);
}

json::object to_json(const FailureView& failure) {
  return ViewWriter::object(failure);
}

std::string frequency_text(const DeliveryFigures& figures, const DeliveryView& view) {
  const auto over = short_duration(view.to - view.from);
  if (figures.deployments == 0) return "none in " + over;
  if (view.to - view.from < one_week) return fmt::format("{} in {}", figures.deployments, over);
  return fmt::format("{} in {}, {} a week", figures.deployments, over, rate_text(figures.deployments_per_week));
}

std::string failure_text(const DeliveryFigures& figures) {
  if (!figures.change_failure_rate) return "none was judged to its end";
  return fmt::format("{} of {} that were judged failed, {}", figures.failed, figures.judged,
                     model::format_quantity(*figures.change_failure_rate, model::Unit::ratio));
}

std::string restore_text(const DeliveryFigures& figures) {
  if (figures.failed == 0) return "nothing failed";
  auto open = figures.unrestored == 0 ? "" : fmt::format("{} not seen restored", figures.unrestored);
  if (!figures.time_to_restore_median) return open;
  return times_text(figures.time_to_restore_median, figures.time_to_restore_p90) + (open.empty() ? "" : "; " + open);
}

std::string detect_text(const DeliveryFigures& figures) {
  if (!figures.time_to_detect_median) return "nothing failed";
  return times_text(figures.time_to_detect_median, figures.time_to_detect_p90);
}

}  // namespace guard::story
