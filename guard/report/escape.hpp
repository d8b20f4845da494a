// SPDX-License-Identifier: Apache-2.0
//
// Text from outside (versions, hook output, alert names) made harmless for where it is shown. Pure.
#pragma once

#include <string>
#include <string_view>

namespace guard::report {

// For HTML text and quoted attributes; of what is not printable, ends of lines and tabs are kept.
std::string escape_html(std::string_view text);

// For one line of Markdown, table cells included: nothing in it begins or ends anything, or becomes a link.
std::string escape_markdown(std::string_view text);

// A name or a value, as code; also in a table.
std::string markdown_code(std::string_view text);

// A Markdown code block whose fence is longer than any in the text; of what is not printable only ends of lines and
// tabs are kept.
std::string markdown_block(std::string_view text);

}  // namespace guard::report
