// SPDX-License-Identifier: Apache-2.0
//
// A message for people as its parts, before any format: the same words in every chat, and those that the templates of
// alertmanager/templates have. Pure.
#pragma once

#include "guard/receivers/message.hpp"

#include <string>
#include <vector>

namespace guard::receivers {

enum class Tone { over, neutral, good, warning, danger };

struct Fact {
  std::string name;
  std::string value;
};

struct Link {
  std::string name;
  std::string url;  // http or https
};

struct Wording {
  Tone tone = Tone::neutral;
  std::string title;
  std::string url;                      // where the title leads; empty: nowhere
  std::vector<std::string> paragraphs;  // what it means for a person
  std::vector<Fact> facts;
  std::vector<Link> links;
};

// Of what is over, whose orders to people are over with it, only what it was about is told.
Wording wording_of(const Message& message);

// How much of one value is shown: so that all of them together stay within what each format takes.
inline constexpr std::size_t longest_title = 250;  // bytes
inline constexpr std::size_t longest_value = 400;
inline constexpr std::size_t longest_url = 1000;  // a longer one is left out: cut, it would lead nowhere

}  // namespace guard::receivers
