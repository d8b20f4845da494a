// SPDX-License-Identifier: Apache-2.0
//
// Reads a JSON list of files, [[kind, path, text]], from stdin and writes, for each, what the parser of its kind
// ("rules" or "config") finds wrong with it, warnings left out. Without a text it is the file at the path that is read,
// and a configuration with its rule files; a text stands in the folder of the path.
#include "guard/base/json.hpp"
#include "guard/config/load.hpp"
#include "guard/config/settings_parser.hpp"

#include <filesystem>
#include <iostream>
#include <iterator>
#include <vector>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

Diagnostics read_file_at(bool rules, const fs::path& path) {
  return rules ? load_rule_files(std::vector{path}).diagnostics : load_settings(path).diagnostics;
}

Diagnostics read_text_at(bool rules, const fs::path& path, const std::string& text) {
  if (rules) return parse_rules(text, path).diagnostics;
  Diagnostics diagnostics;
  parse_settings(Source(path, text), path.parent_path(), diagnostics);
  return diagnostics;
}

std::string errors_of(Diagnostics diagnostics) {
  std::erase_if(diagnostics.items, [](const auto& item) { return item.severity == Severity::warning; });
  return format(diagnostics);
}

json::value read(const json::array& file) {
  const bool rules = file.at(0).as_string() == "rules";
  const fs::path path(std::string(file.at(1).as_string()));
  const auto* text = file.at(2).if_string();
  return json::value(
      errors_of(text == nullptr ? read_file_at(rules, path) : read_text_at(rules, path, std::string(*text))));
}

}  // namespace
}  // namespace guard::config

int main() {
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const auto files = guard::parse_json(input);
  if (!files || !files->is_array()) return 1;
  guard::json::array out;
  for (const auto& file : files->get_array()) out.push_back(guard::config::read(file.as_array()));
  std::cout << guard::json::serialize(out);
  return 0;
}
