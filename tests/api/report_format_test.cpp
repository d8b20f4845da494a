// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

Result<report::Format> format_for(const std::string& format, const std::string& accept) {
  Request request;
  if (!format.empty()) request.query["format"] = format;
  request.headers["accept"] = accept;
  return report_format(request);
}

TEST(ReportFormat, IsWhatIsAskedForThenWhatIsAcceptedThenMarkdown) {
  EXPECT_EQ(format_for("json", "text/html"), report::Format::json);
  EXPECT_EQ(format_for("", "text/html,application/xhtml+xml"), report::Format::html);
  EXPECT_EQ(format_for("", "application/json"), report::Format::json);
  EXPECT_EQ(format_for("", "*/*"), report::Format::md);
  EXPECT_EQ(format_for("pdf", "").error().message, "format must be json, md or html");
}

TEST(ReportFormat, AMisspeltParameterIsNotIgnored) {
  Request request;
  request.query["fromat"] = "json";
  EXPECT_EQ(report_format(request).error().message, "unknown query parameter \"fromat\", did you mean \"format\"?");
}

}  // namespace
}  // namespace guard::api
