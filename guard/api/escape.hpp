// SPDX-License-Identifier: Apache-2.0
//
// Text from outside (versions, hook output, alert names) made harmless for where it is shown. Pure.
#pragma once

#include <string>
#include <string_view>

namespace guard::api {

// For HTML text and quoted attributes.
std::string escape_html(std::string_view text);

// For one line of Markdown, table cells included: nothing in it begins or ends anything.
std::string escape_markdown(std::string_view text);

// A Markdown code block whose fence is longer than any in the text; of control characters only ends of lines and tabs
// are kept.
std::string markdown_block(std::string_view text);

}  // namespace guard::api
