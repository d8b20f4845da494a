// SPDX-License-Identifier: Apache-2.0
//
// Text from outside (versions, hook output, alert names, answers of servers), made safe to show: in a terminal, a log,
// a report, a page. Not shown are the control characters C0, DEL and C1, which terminals obey (ECMA-48), the ends of
// lines that Unicode adds, and what sets the direction of writing, behind which other text can hide (Unicode TR36, 2.4;
// CVE-2021-42574). Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace guard {

enum class Lines { one, many };  // many: ends of lines and tabs are text

bool is_printable(std::string_view text, Lines lines = Lines::one);

// `text` with a blank for each character that is not shown; bytes that are no UTF-8 stay as they are.
std::string printable(std::string_view text, Lines lines = Lines::one);

}  // namespace guard
