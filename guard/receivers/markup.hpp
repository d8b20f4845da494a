// SPDX-License-Identifier: Apache-2.0
//
// Text from outside, made to stand in a message as what it is: what a chat would read as a mention, a link or emphasis
// is escaped, and how much it takes is bounded. Pure.
#pragma once

#include <string>
#include <string_view>

namespace guard::receivers {

// What stands for one ASCII character in the text of a format.
using Escape = std::string (*)(char);

std::string as_it_is(char c);
std::string slack_escape(char c);    // & < >, as Slack's reference asks
std::string discord_escape(char c);  // a backslash before each that could begin something

// `text` as one line, escaped, in at most `most` bytes; "…" where something was cut.
std::string fit(std::string_view text, std::size_t most, Escape escape);

}  // namespace guard::receivers
