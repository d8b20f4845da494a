// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json_out.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/config/schema.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

constexpr auto footer =
    "An editor that knows JSON Schema completes and checks a file that names it in a comment at its head:\n"
    "  # yaml-language-server: $schema=release-guard-rules.schema.json\n"
    "`release-guard check` finds more: PromQL, ranges, and what one part of a file says about another.\n"
    "Exit codes: 0 printed, 2 usage.\n"
    "Example: release-guard schema rules > release-guard-rules.schema.json";

struct File {
  std::string_view word;
  json::object (*schema)();
};
constexpr std::array files{File{"rules", config::rules_schema}, File{"tests", config::tests_schema},
                           File{"config", config::settings_schema}, File{"web", config::web_file_schema},
                           File{"client", config::client_file_schema}};

std::vector<std::string> words() {
  std::vector<std::string> out;
  for (const auto& file : files) out.emplace_back(file.word);
  return out;
}

int print_schema(const std::string& word, CommandContext& context) {
  const auto* file = std::ranges::find(files, word, &File::word);
  *context.out << indented_json(file->schema()) << "\n";
  return exit_yes;
}

}  // namespace

void add_schema(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand(
      "schema",
      "Print the JSON Schema of rule files, of their tests, or of the files of the guard and of its commands.");
  const auto file = std::make_shared<std::string>();
  add_word(command, "FILE", *file, words())->description("Of which file.")->required();
  command.footer(footer);
  choice.on(command, [file](CommandContext& context) { return print_schema(*file, context); });
}

}  // namespace guard::cli
