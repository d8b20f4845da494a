// SPDX-License-Identifier: Apache-2.0
//
// A report as it is sent or saved: as JSON, Markdown or HTML with charts. Everything that came from outside is escaped.
// Pure.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/report/report.hpp"

#include <string>

namespace guard::report {

enum class Format { json, md, html };

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
