// SPDX-License-Identifier: Apache-2.0
#include "guard/report/written.hpp"

#include "guard/base/json_out.hpp"
#include "guard/report/report_json.hpp"
#include "guard/report/style.hpp"
#include "guard/report/words.hpp"

namespace guard::report {

Document written(const Report& report, Format format) {
  switch (format) {
    case Format::json:
      return {json::serialize(json_report(report)) + "\n", "application/json", ""};
    case Format::md:
      return {markdown_report(report), "text/markdown; charset=utf-8", ""};
    case Format::html:
      return {html_report(report), "text/html; charset=utf-8", std::string(html_policy)};
  }
  return {};
}

}  // namespace guard::report
