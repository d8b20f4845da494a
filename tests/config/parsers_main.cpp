// SPDX-License-Identifier: Apache-2.0
//
// Reads a JSON list of files, [[kind, path, text]], from stdin and writes, for each, what the parser of its kind
// ("rules", "tests", "config", "web" or "client") finds wrong with it, warnings left out. Without a text it is the file
// at the path that is read, and a configuration with its rule files; a text stands in the folder of the path.
#include "guard/base/file.hpp"
#include "guard/base/json.hpp"
#include "guard/config/client_file.hpp"
#include "guard/config/load.hpp"
#include "guard/config/settings_parser.hpp"
#include "guard/config/web_file_parser.hpp"
#include "guard/trial/test_parser.hpp"

#include <filesystem>
#include <iostream>
#include <iterator>
#include <vector>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

Diagnostics read_text_at(std::string_view kind, const fs::path& path, const std::string& text) {
  if (kind == "tests") return trial::parse_tests(text, path).diagnostics;
  if (kind == "rules") return parse_rules(text, path).diagnostics;
  const Source source(path, text);
  if (kind == "client") return parse_client_file(source).diagnostics;
  Diagnostics diagnostics;
  Settings settings;
  if (kind == "web")
    read_web_file(source, path.parent_path(), settings, diagnostics);
  else
    parse_settings(source, path.parent_path(), diagnostics);
  return diagnostics;
}

Diagnostics read_file_at(std::string_view kind, const fs::path& path) {
  if (kind == "tests") return trial::load_tests(path).diagnostics;
  if (kind == "rules") return load_rule_files(std::vector{path}).diagnostics;
  if (kind == "config") return load_settings(path).diagnostics;
  return read_text_at(kind, path, read_file(path).value());
}

std::string errors_of(Diagnostics diagnostics) {
  std::erase_if(diagnostics.items, [](const auto& item) { return item.severity == Severity::warning; });
  return format(diagnostics);
}

json::value read(const json::array& file) {
  const std::string kind(file.at(0).as_string());
  const fs::path path(std::string(file.at(1).as_string()));
  const auto* text = file.at(2).if_string();
  return json::value(
      errors_of(text == nullptr ? read_file_at(kind, path) : read_text_at(kind, path, std::string(*text))));
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
