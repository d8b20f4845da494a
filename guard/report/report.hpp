// SPDX-License-Identifier: Apache-2.0
//
// The post-release report: what became of a release, each SLO in figures over the watch, alerts, decisions with hook
// output, and the timeline, as JSON, Markdown or HTML with charts. Everything that came from outside is escaped. Pure.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/model/timeline.hpp"
#include "guard/story/delivery_view.hpp"
#include "guard/story/links.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::report {

enum class Format { json, md, html };

// What a report is made of.
struct Report {
  story::ReleaseView view;
  std::vector<model::TimelineEvent> timeline;
  std::vector<story::SeriesView> series;  // of rules of kind expr; one that could not be read has only its problem
  std::optional<std::int64_t> timeline_before = {};  // asks for what is older than `timeline`; nothing: that is all
  story::Outside outside = {};                       // for its links
  std::optional<story::FailureView> failure = {};    // of a release that failed: when that was noticed, and over
};

// A report as it is sent or saved.
struct Document {
  std::string body;
  std::string content_type;
  std::string policy;  // what the page may load (Content-Security-Policy); empty: it is no page
};

Document written(const Report& report, Format format);

}  // namespace guard::report

namespace guard {

template <>
struct EnumNames<report::Format> {
  using F = report::Format;
  static constexpr std::array table{EnumName<F>{F::json, "json"}, EnumName<F>{F::md, "md"},
                                    EnumName<F>{F::html, "html"}};
};

}  // namespace guard
