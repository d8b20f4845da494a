// SPDX-License-Identifier: Apache-2.0
//
// A text with a name: turns byte offsets into the lines and columns people read, and collects what is wrong with it.
// A Source does not change once made; a Report writes into a Diagnostics that one thread owns.
#pragma once

#include "guard/config/diagnostics.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace guard::config {

// One-based; columns count characters.
struct Position {
  int line = 0;
  int column = 0;
};

class Source {
 public:
  Source(std::string path, std::string text);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  // Where the byte at `offset` stands; past the end means the end.
  Position position(std::size_t offset) const;
  // The line the byte at `offset` stands on, without its line break.
  std::string_view line_at(std::size_t offset) const;
  // Blanks and comments alone, as in a file that shows what one may write.
  bool says_nothing() const;

 private:
  std::size_t line_index(std::size_t offset) const;

  std::string path_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

// Adds what is wrong with one source to a collection. A cheap value; source and collection must outlive it.
class Report {
 public:
  Report(const Source& source, Diagnostics& out) : source_(&source), out_(&out) {}

  // The same report, naming the rule that begins at `offset` in every message.
  Report about(std::string rule, std::size_t offset) const;

  // An error there whose message is still to be written; nothing is added.
  Diagnostic at(std::size_t offset) const;

  void error(std::size_t offset, std::string message) const;
  // An error or a warning, as the list of findings says.
  void remark(std::size_t offset, model::Remark remark) const;
  // About the file as a whole.
  void file_error(std::string message) const;

  const Source& source() const { return *source_; }

 private:
  void add(Diagnostic diagnostic) const;

  const Source* source_;
  Diagnostics* out_;
  std::string rule_;
  int rule_line_ = 0;
};

// Files with more problems than this show the first ones and say that there are more.
inline constexpr std::size_t most_diagnostics = 100;

// By path, line and column; the order in which they were found where these are equal.
void sort(Diagnostics& diagnostics);

}  // namespace guard::config
