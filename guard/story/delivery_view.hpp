// SPDX-License-Identifier: Apache-2.0
//
// How releases go over a time, as everybody shows it: the figures of core/delivery.hpp, and what is to be known of them
// in words. The lists of fields write and read it, as those of view_fields.hpp do. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/core/delivery.hpp"
#include "guard/story/view_fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guard::story {

struct DeliveryFigures {
  std::int64_t deployments = 0;
  double deployments_per_week = 0;
  std::int64_t judged = 0;
  std::int64_t failed = 0;
  std::optional<double> change_failure_rate;  // absent: none was judged
  std::int64_t unrestored = 0;
  std::optional<Duration> time_to_detect_median;
  std::optional<Duration> time_to_detect_p90;
  std::optional<Duration> time_to_restore_median;
  std::optional<Duration> time_to_restore_p90;
};

struct PlaceFigures {
  std::string service;
  std::string environment;
  DeliveryFigures figures;
};

struct DayFigures {
  WallTime from{};
  std::int64_t deployments = 0;
  std::int64_t failed = 0;
};

struct FailureView {
  std::string release;
  std::string service;
  std::string environment;
  std::string version;
  WallTime live_at{};
  WallTime detected_at{};
  std::optional<WallTime> restored_at;
  std::optional<std::string> restored_by;  // the release that did it, if not its own rollback
};

struct DeliveryView {
  WallTime from{};
  WallTime to{};
  DeliveryFigures all;
  std::vector<PlaceFigures> places;
  std::vector<DayFigures> days;
  std::vector<FailureView> failures;
  std::vector<std::string> notes;
};

// `retention` is how long a release is known after it ended. What the span has beyond that counts for nothing, and a
// note says so.
DeliveryView delivery_view(const core::Deliveries& deliveries, const core::Period& period, Duration retention);

json::object to_json(const DeliveryView& view);
json::object to_json(const FailureView& failure);

// "3 in 30d, 0.7 a week"; "1 of 3 failed, 33.3%"; "median 4m5s, 90% within 12m"; or why there is none.
std::string frequency_text(const DeliveryFigures& figures, const DeliveryView& view);
std::string failure_text(const DeliveryFigures& figures);
std::string restore_text(const DeliveryFigures& figures);
std::string detect_text(const DeliveryFigures& figures);

template <class Archive, OneOf<DeliveryFigures> T>
void fields(Archive& archive, T& figures) {
  archive("deployments", figures.deployments);
  archive("deployments_per_week", figures.deployments_per_week);
  archive("judged", figures.judged);
  archive("failed", figures.failed);
  archive("change_failure_rate", figures.change_failure_rate);
  archive("unrestored", figures.unrestored);
  archive("time_to_detect_median_seconds", figures.time_to_detect_median);
  archive("time_to_detect_p90_seconds", figures.time_to_detect_p90);
  archive("time_to_restore_median_seconds", figures.time_to_restore_median);
  archive("time_to_restore_p90_seconds", figures.time_to_restore_p90);
}

template <class Archive, OneOf<PlaceFigures> T>
void fields(Archive& archive, T& place) {
  archive("service", place.service);
  archive("environment", place.environment);
  archive("figures", place.figures);
}

template <class Archive, OneOf<DayFigures> T>
void fields(Archive& archive, T& day) {
  archive("from", day.from);
  archive("deployments", day.deployments);
  archive("failed", day.failed);
}

template <class Archive, OneOf<FailureView> T>
void fields(Archive& archive, T& failure) {
  archive("release", failure.release);
  archive("service", failure.service);
  archive("environment", failure.environment);
  archive("version", failure.version);
  archive("live_at", failure.live_at);
  archive("detected_at", failure.detected_at);
  archive("restored_at", failure.restored_at);
  archive("restored_by", failure.restored_by);
}

template <class Archive, OneOf<DeliveryView> T>
void fields(Archive& archive, T& view) {
  archive("from", view.from);
  archive("to", view.to);
  archive("all", view.all);
  archive("places", view.places);
  archive("days", view.days);
  archive("failures", view.failures);
  archive("notes", view.notes);
}

}  // namespace guard::story
