// SPDX-License-Identifier: Apache-2.0
//
// The report of a release as JSON, which is also a part of the report over a time. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/report/chapters.hpp"
#include "guard/report/report.hpp"

#include <vector>

namespace guard::report {

json::object json_report(const Report& report);
json::array json_tasks(const std::vector<Task>& tasks);

}  // namespace guard::report
