// SPDX-License-Identifier: Apache-2.0
//
// What came of tests, as the XML that CI systems read (JUnit's, in the part that all of them know). Pure.
#pragma once

#include "guard/config/diagnostics.hpp"

#include <string>
#include <vector>

namespace guard::trial {

struct TestResult {
  std::string name;
  std::vector<config::Diagnostic> differences;
  std::string problem;  // why it could not be run; empty: it was

  bool passed() const { return differences.empty() && problem.empty(); }
};

struct FileResult {
  std::string path;
  std::vector<config::Diagnostic> errors;  // of the file: none of its tests could be run
  std::vector<TestResult> tests;
};

std::string junit_xml(const std::vector<FileResult>& files);

}  // namespace guard::trial
