// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

// As one word of a shell, whatever is in it; bash and zsh.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The same for fish, which knows \' and \\ within quotes.
std::string in_fish_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// `'a b'|'a b c'`: the patterns of a case for every command below the program.
std::string below(const OfferedCommand& program) {
  std::vector<std::string> paths;
  for (const auto* command : all_of(program))
    if (command->path.size() > 1) paths.push_back(in_quotes(command->name()));
  return fmt::format("{}", fmt::join(paths, "|"));
}

// The patterns "COMMAND:OPTION" of one option.
std::string patterns(const OfferedCommand& command, const OfferedOption& option) {
  std::vector<std::string> out;
  for (const auto& name : option.names) out.push_back(in_quotes(command.name() + ":" + name));
  return fmt::format("{}", fmt::join(out, "|"));
}

std::vector<std::string> offers(const OfferedCommand& command) {
  std::vector<std::string> out;
  for (const auto& sub : command.subcommands) out.push_back(sub.path.back());
  for (const auto& positional : command.positionals)
    out.insert(out.end(), positional.choices.begin(), positional.choices.end());
  for (const auto& option : command.options) out.insert(out.end(), option.names.begin(), option.names.end());
  return out;
}

bool wants_files(const OfferedCommand& command) {
  return std::ranges::any_of(command.positionals, [](const auto& one) { return one.takes_path(); });
}

// "name:description", as zsh's _describe takes it.
std::string described(const std::string& name, const std::string& description) {
  std::string out;
  for (const char c : name) out += c == ':' ? std::string("\\:") : std::string(1, c);
  return in_quotes(out + ":" + description);
}

std::string zsh_offers(const OfferedCommand& command) {
  std::vector<std::string> words;
  for (const auto& sub : command.subcommands) words.push_back(described(sub.path.back(), sub.description));
  for (const auto& positional : command.positionals)
    for (const auto& choice : positional.choices) words.push_back(described(choice, positional.description));
  for (const auto& option : command.options)
    for (const auto& name : option.names) words.push_back(described(name, option.description));
  return fmt::format("{}", fmt::join(words, "\n        "));
}

// The switches that make one option in fish; without its description.
std::string fish_names(const OfferedOption& option) {
  std::string out;
  for (const auto& name : option.names)
    out += name.starts_with("--") ? " -l " + in_fish_quotes(name.substr(2)) : " -s " + in_fish_quotes(name.substr(1));
  if (option.value.empty()) return out;
  out += option.takes_path() ? " -r -F" : " -x";
  if (!option.choices.empty()) out += " -a " + in_fish_quotes(fmt::format("{}", fmt::join(option.choices, " ")));
  return out;
}

}  // namespace

// Bash parts a word at `=`, so that `--format=json` comes as three.
std::string bash_completion(const OfferedCommand& program) {
  std::string values;
  std::string words;
  for (const auto* command : all_of(program)) {
    for (const auto& option : command->options) {
      if (option.value.empty()) continue;
      const auto reply = option.takes_path()
                             ? std::string(R"(compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")))")
                             : fmt::format(R"(COMPREPLY=($(compgen -W {} -- "$cur")))",
                                           in_quotes(fmt::format("{}", fmt::join(option.choices, " "))));
      values += fmt::format("    {}) {}; return ;;\n", patterns(*command, option), reply);
    }
    words +=
        fmt::format("    {}) words={}; files={} ;;\n", in_quotes(command->name()),
                    in_quotes(fmt::format("{}", fmt::join(offers(*command), " "))), wants_files(*command) ? "yes" : "");
  }
  return fmt::format(R"(# bash completion for release-guard
_release_guard() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} at=release-guard words files i
  if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${{COMP_WORDS[i]}}" in
    {}) at="$at ${{COMP_WORDS[i]}}" ;;
    esac
  done
  COMPREPLY=()
  case "$at:$prev" in
{}  esac
  case "$at" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [ -n "$files" ]; then
    compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}}
complete -F _release_guard release-guard
)",
                     below(program), values, words);
}

std::string zsh_completion(const OfferedCommand& program) {
  std::string values;
  std::string words;
  for (const auto* command : all_of(program)) {
    for (const auto& option : command->options) {
      if (option.value.empty()) continue;
      const auto reply = option.takes_path()      ? std::string("_files")
                         : option.choices.empty() ? fmt::format("_message {}", in_quotes(option.value))
                                                  : fmt::format("compadd -- {}", fmt::join(option.choices, " "));
      values += fmt::format("    ({}) {}; return ;;\n", patterns(*command, option), reply);
    }
    words += fmt::format("    ({})\n      offers=(\n        {})\n      {};;\n", in_quotes(command->name()),
                         zsh_offers(*command), wants_files(*command) ? "_files\n      " : "");
  }
  return fmt::format(R"(#compdef release-guard
_release-guard() {{
  local at=release-guard word prev=${{words[CURRENT-1]}}
  local -a offers
  for word in ${{words[2,CURRENT-1]}}; do
    case "$at $word" in
    ({}) at="$at $word" ;;
    esac
  done
  case ${{words[CURRENT]}} in
    (--*=*) prev=${{words[CURRENT]%%=*}}; compset -P '*=' ;;
  esac
  case "$at:$prev" in
{}  esac
  case "$at" in
{}  esac
  _describe 'release-guard' offers
}}
if [ "$funcstack[1]" = _release-guard ]; then
  _release-guard "$@"
else
  compdef _release-guard release-guard
fi
)",
                     below(program), values, words);
}

std::string fish_completion(const OfferedCommand& program) {
  std::string out = fmt::format(R"(# fish completion for release-guard
function __release_guard_at
  set -l at release-guard
  for word in (commandline -opc)[2..-1]
    if contains -- "$at $word" {}
      set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c release-guard -f
)",
                                [&] {
                                  std::vector<std::string> paths;
                                  for (const auto* command : all_of(program))
                                    if (command->path.size() > 1) paths.push_back(in_fish_quotes(command->name()));
                                  return fmt::format("{}", fmt::join(paths, " "));
                                }());
  for (const auto* command : all_of(program)) {
    const auto here = fmt::format("complete -c release-guard -n {}",
                                  in_fish_quotes(fmt::format("__release_guard_at \"{}\"", command->name())));
    const auto add = [&](const std::string& what, const std::string& description) {
      out += fmt::format("{}{} -d {}\n", here, what, in_fish_quotes(description));
    };
    for (const auto& sub : command->subcommands) add(" -a " + in_fish_quotes(sub.path.back()), sub.description);
    for (const auto& positional : command->positionals)
      for (const auto& choice : positional.choices) add(" -a " + in_fish_quotes(choice), positional.description);
    for (const auto& option : command->options) add(fish_names(option), option.description);
    if (wants_files(*command)) out += here + " -F\n";
  }
  return out;
}

}  // namespace guard::cli
