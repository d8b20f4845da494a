// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json_out.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/config/schema.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

constexpr auto footer =
    "An editor that knows JSON Schema completes and checks a file that names it in a comment at its head:\n"
    "  # yaml-language-server: $schema=release-guard-rules.schema.json\n"
    "`release-guard check` finds more: PromQL, ranges, and what one part of a file says about another.\n"
    "Exit codes: 0 printed, 2 usage.\n"
    "Example: release-guard schema rules > release-guard-rules.schema.json";

int print_schema(const std::string& file, CommandContext& context) {
  const auto schema = file == "rules"   ? config::rules_schema()
                      : file == "tests" ? config::tests_schema()
                                        : config::settings_schema();
  *context.out << indented_json(schema) << "\n";
  return exit_yes;
}

}  // namespace

void add_schema(CLI::App& program, Choice& choice) {
  auto& command =
      *program.add_subcommand("schema", "Print the JSON Schema of rule files, of their tests or of the configuration.");
  const auto file = std::make_shared<std::string>();
  add_word(command, "FILE", *file, {"rules", "tests", "config"})->description("Of which file.")->required();
  command.footer(footer);
  choice.on(command, [file](CommandContext& context) { return print_schema(*file, context); });
}

}  // namespace guard::cli
