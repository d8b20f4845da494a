// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/man_pages.hpp"

#include "guard/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

// Text as groff shows it unchanged: no escape, no request, and a minus that can be copied.
std::string plain(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + plain(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + plain(text) + "\\fR";
}

// Lines as they stand.
std::string verbatim(std::string_view text) {
  return ".nf\n" + plain(text) + "\n.fi\n";
}

std::string section(std::string_view title, const std::string& body) {
  return body.empty() ? "" : fmt::format(".SH {}\n{}", title, body);
}

// What a help says below its options, by what its lines are about.
struct Notes {
  std::string notes, exit_codes, examples;
};

Notes parted(std::string_view text) {
  Notes out;
  auto* part = &out.notes;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("Exit codes:")) part = &out.exit_codes;
    if (line.starts_with("Example")) part = &out.examples;
    if (!part->empty()) *part += '\n';
    *part += line;
  }
  return out;
}

std::string entry(const OfferedOption& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back(bold(name));
  auto out = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (!option.value.empty()) out += " " + italic(option.value);
  out += "\n" + plain(option.description);
  if (option.required) out += "\nRequired.";
  if (!option.fallback.empty()) out += fmt::format("\nDefault: {}.", bold(option.fallback));
  return out + "\n";
}

std::string entries(const std::vector<OfferedOption>& options) {
  std::string out;
  for (const auto& option : options) out += entry(option);
  return out;
}

std::string synopsis(const OfferedCommand& command) {
  auto out = bold(command.name());
  if (!command.options.empty()) out += " [" + italic("OPTIONS") + "]";
  for (const auto& positional : command.positionals) out += " " + italic(positional.names.front());
  if (!command.subcommands.empty()) out += " " + italic("COMMAND");
  return out + "\n";
}

std::string subcommands(const OfferedCommand& command) {
  std::string out;
  for (const auto& sub : command.subcommands)
    out += fmt::format(".TP\n{}(1)\n{}\n", bold(sub.name("-")), plain(sub.description));
  return out;
}

// The command above it; of the program what there is beside its pages.
std::string see_also(const OfferedCommand& command) {
  if (command.path.size() == 1) return "/usr/share/doc/release\\-guard\n";
  auto above = command;
  above.path.pop_back();
  return bold(above.name("-")) + "(1)\n";
}

// The first word small, as whatis(1) shows it: "release-guard-serve - run the guard".
std::string whatis(std::string text) {
  while (text.ends_with('.')) text.pop_back();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string page(const OfferedCommand& command, std::string_view version) {
  auto title = command.name("-");
  std::ranges::transform(title, title.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  const auto notes = parted(command.notes);
  const auto block = [](const std::string& text) { return text.empty() ? "" : verbatim(text); };
  return fmt::format(".TH {} 1 \"\" \"release\\-guard {}\" \"Release Guard\"\n", plain(title), version) +
         section("NAME", fmt::format("{} \\- {}\n", plain(command.name("-")), plain(whatis(command.description)))) +
         section("SYNOPSIS", synopsis(command)) + section("DESCRIPTION", plain(command.description) + "\n") +
         section("ARGUMENTS", entries(command.positionals)) + section("OPTIONS", entries(command.options)) +
         section("COMMANDS", subcommands(command)) + section("NOTES", block(notes.notes)) +
         section("EXIT STATUS", block(notes.exit_codes)) + section("EXAMPLES", block(notes.examples)) +
         section("SEE ALSO", see_also(command));
}

}  // namespace

std::map<std::string, std::string> man_pages(const OfferedCommand& program, std::string_view version) {
  std::map<std::string, std::string> out;
  for (const auto* command : all_of(program)) out.emplace(command->name("-") + ".1", page(*command, version));
  return out;
}

}  // namespace guard::cli
