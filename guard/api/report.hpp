// SPDX-License-Identifier: Apache-2.0
//
// The post-release report: what became of a release, each SLO in figures over the watch, alerts, decisions with hook
// output, and the timeline, as JSON, Markdown or HTML with charts. Everything that came from outside is escaped. Pure.
#pragma once

#include "guard/api/links.hpp"
#include "guard/api/message.hpp"
#include "guard/base/enum_names.hpp"
#include "guard/store/store.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <vector>

namespace guard::api {

enum class ReportFormat { json, md, html };

// What a report is made of.
struct Report {
  story::ReleaseView view;
  std::vector<store::TimelineEvent> timeline;
  std::vector<story::SeriesView> series;  // of rules of kind expr; one that could not be read has only its problem
  std::optional<std::int64_t> timeline_before = {};  // asks for what is older than `timeline`; nothing: that is all
  Outside outside = {};                              // for its links
};

// From ?format=, else from Accept, else Markdown. Fails with invalid for an unknown format.
Result<ReportFormat> report_format(const Request& request);

Response make_report(const Report& report, ReportFormat format);

}  // namespace guard::api

namespace guard {

template <>
struct EnumNames<api::ReportFormat> {
  using F = api::ReportFormat;
  static constexpr std::array table{EnumName<F>{F::json, "json"}, EnumName<F>{F::md, "md"},
                                    EnumName<F>{F::html, "html"}};
};

}  // namespace guard
