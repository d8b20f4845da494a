// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/junit.hpp"

#include "guard/report/escape.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::trial {
namespace {

using report::escape_html;  // XML text and attributes need the same

std::string text_of(const std::vector<config::Diagnostic>& diagnostics) {
  return config::format(config::Diagnostics{diagnostics});
}

std::string child(std::string_view element, std::string_view message, const std::string& text) {
  return fmt::format("      <{0} message=\"{1}\">{2}</{0}>\n", element, escape_html(message), escape_html(text));
}

std::string test_case(const TestResult& test, const std::string& path) {
  const auto head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escape_html(path), escape_html(test.name));
  if (test.passed()) return head + "/>\n";
  const auto why = test.problem.empty() ? child("failure", test.differences.front().message, text_of(test.differences))
                                        : child("error", test.problem, "");
  return head + ">\n" + why + "    </testcase>\n";
}

std::string suite(const FileResult& file) {
  auto tests = file.tests;
  if (!file.errors.empty()) tests.push_back({"the file can be read", {}, text_of(file.errors)});
  const auto broken = std::ranges::count_if(tests, [](const auto& test) { return !test.problem.empty(); });
  const auto failed = std::ranges::count_if(tests, [](const auto& test) { return !test.passed(); }) - broken;
  auto out = fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                         escape_html(file.path), tests.size(), failed, broken);
  for (const auto& test : tests) out += test_case(test, file.path);
  return out + "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const std::vector<FileResult>& files) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& file : files) out += suite(file);
  return out + "</testsuites>\n";
}

}  // namespace guard::trial
