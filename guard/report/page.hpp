// SPDX-License-Identifier: Apache-2.0
//
// The parts that all pages of this room are made of: HTML that loads nothing and runs nothing. Pure.
#pragma once

#include "guard/report/badges.hpp"

#include <string>
#include <string_view>

namespace guard::report {

// Up to the title, with the style inside. The reader's own choice of dark or light holds.
std::string page_head(std::string_view title);

// A text from outside stands by itself: the direction it is written in changes nothing around it.
std::string bdi(std::string_view text);

std::string badge(const Badge& shown, std::string_view words, std::string_view kind = "badge");
std::string badge(const Badge& shown);

}  // namespace guard::report
