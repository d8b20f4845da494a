// SPDX-License-Identifier: Apache-2.0
//
// A document as what it says, not how: chapters of facts, a table, and lines. The same chapters become Markdown, a
// page, and plain text for a terminal, so that they say the same. Texts are as they came; whoever writes them escapes.
// Pure.
#pragma once

#include "guard/report/badges.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guard::report {

// A line of a list of things to do; one that is done says what came of it.
struct Task {
  std::string what;
  std::string words;
  bool done = false;
};

struct Chapter {
  std::string title;
  bool inner = false;          // it belongs to the one before it
  std::optional<Badge> badge;  // what became of it
  std::string words;           // a paragraph
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> head;               // of the table
  std::vector<std::vector<std::string>> rows;  // each as long as the head
  std::vector<std::string> lines;
  std::vector<Task> tasks;
};

struct Chapters {
  std::string title;
  std::vector<Chapter> all;  // the first may be without a title
};

std::string as_markdown(const Chapters& document);
std::string as_page(const Chapters& document);
std::string as_text(const Chapters& document);

// One chapter, for a document that has others of its own.
std::string as_markdown(const Chapter& chapter);
std::string as_html(const Chapter& chapter);

}  // namespace guard::report
