// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/program.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/base/version.hpp"

#include <algorithm>
#include <optional>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

// The deepest subcommand that was named, and the path to it as a person types it.
const CLI::App& named_command(const CLI::App& program, std::string& path) {
  const auto* at = &program;
  path = program.get_name();
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    path += " " + at->get_name();
  }
  return *at;
}

std::vector<std::string> known_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// The first word nobody took, if what was typed had one; `--` is none, it parts a command from what it wraps.
std::optional<std::string> stray_word(const CLI::App& program) {
  for (auto& word : program.remaining(true))
    if (word != "--") return std::move(word);
  return std::nullopt;
}

std::string what_is_wrong(const CLI::App& program, const CLI::App& command, const CLI::ParseError& error) {
  const auto stray = stray_word(program);
  if (!stray) return error.what();
  const auto names = known_names(command);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto word = stray->substr(0, stray->find('='));
  const auto nearest = nearest_name(word, views);
  return fmt::format("\"{}\" is not known here{}", word, nearest ? fmt::format(": did you mean {}?", *nearest) : "");
}

int usage_error(const std::string& path, const std::string& what, CommandContext& context) {
  *context.err << fmt::format("{}: {}\nsee {} --help\n", path, what, path);
  return exit_usage;
}

int usage_error(const CLI::App& program, const CLI::ParseError& error, CommandContext& context) {
  std::string path;
  const auto& command = named_command(program, path);
  return usage_error(path, what_is_wrong(program, command, error), context);
}

// The commands that `arguments` begin with, as a person types them.
std::string typed_path(const CLI::App& program, std::span<const std::string> arguments) {
  auto path = program.get_name();
  const auto* at = &program;
  for (const auto& word : arguments) {
    const auto named = at->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == word; });
    if (named.empty()) break;
    at = named.front();
    path += " " + word;
  }
  return path;
}

// The first `--name=` with nothing behind it, as an unset variable leaves it: CLI11 would take the next word for it.
std::optional<std::string> valueless_option(std::span<const std::string> arguments) {
  for (const auto& word : arguments) {
    if (word == "--") break;
    if (word.starts_with("--") && word.find('=') == word.size() - 1) return word;
  }
  return std::nullopt;
}

void describe(CLI::App& program, const Build& build) {
  program.name("release-guard");
  program.set_version_flag("--version", build_text(build));
  program.require_subcommand(1);
  program.footer(
      "Which guard is asked, and as whom, may stand in ~/.config/release-guard/config.yml (server, token_file, "
      "ca_file,\n"
      "cert_file, key_file), or for all users in /etc/xdg/release-guard/config.yml; options and environment come "
      "before.\n"
      "Exit codes: 0 yes, 1 no, 2 the command line cannot be understood.\n"
      "`release-guard COMMAND --help` says more about each.");
}

}  // namespace

void Choice::on(CLI::App& command, Action action) {
  command.callback([this, action = std::move(action)] { action_ = action; });
}

int complain(CommandContext& context, const Error& error) {
  *context.err << fmt::format("release-guard: {}\n", printable(error.message, Lines::many));
  return exit_no;
}

int run_program(std::span<const CommandGroup> groups, std::vector<std::string> arguments, CommandContext& context) {
  CLI::App program("Watches releases through their SLOs and rolls back the ones that break them.");
  describe(program, context.build);
  Choice choice;
  for (const auto& group : groups) group.add(program, choice);
  if (const auto option = valueless_option(arguments))
    return usage_error(typed_path(program, arguments),
                       fmt::format("{} has no value; write one behind it, or leave the option out", *option), context);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    program.parse(arguments);
  } catch (const CLI::Success& asked) {  // --help, --version
    return program.exit(asked, *context.out, *context.err);
  } catch (const CLI::ParseError& error) {
    return usage_error(program, error, context);
  }
  return choice.action()(context);
}

}  // namespace guard::cli
