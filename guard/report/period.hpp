// SPDX-License-Identifier: Apache-2.0
//
// The report over a time: what became of each release, who decided, the figures of its rules, what fired, how long it
// took to notice and to restore, what is open and what is still to be done. The same in text, Markdown, HTML and JSON.
// Pure.
#pragma once

#include "guard/report/written.hpp"
#include "guard/story/delivery_view.hpp"

#include <string>
#include <vector>

namespace guard::report {

enum class PeriodFormat { text, md, html, json };

struct Period {
  model::Places places;          // that it was asked for
  std::vector<Report> releases;  // the newest first
  std::size_t left_out = 0;      // older ones that are not among them
  story::DeliveryView delivery;  // over the same time
  story::InForce in_force;       // at its end
};

// True if there is something to say of it in a report since `from`: it was announced, went live, was decided on or
// ended since, it has not ended, or it needs a person.
bool belongs_to(const story::ReleaseView& view, WallTime from);

Document written(const Period& period, PeriodFormat format);

}  // namespace guard::report

namespace guard {

template <>
struct EnumNames<report::PeriodFormat> {
  using F = report::PeriodFormat;
  static constexpr std::array table{EnumName<F>{F::text, "text"}, EnumName<F>{F::md, "md"},
                                    EnumName<F>{F::html, "html"}, EnumName<F>{F::json, "json"}};
};

}  // namespace guard
