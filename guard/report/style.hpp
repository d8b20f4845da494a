// SPDX-License-Identifier: Apache-2.0
//
// How the HTML report looks: the page's own colours (guard/web/src/style.css), light, dark and on paper. Pure.
#pragma once

#include <string_view>

namespace guard::report {

extern const std::string_view report_style;

// What the report may load: this style, named by its hash, and nothing else.
extern const std::string_view html_policy;

}  // namespace guard::report
