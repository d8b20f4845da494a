// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/completion.hpp"
#include "guard/cli/man_pages.hpp"
#include "guard/cli/options.hpp"

#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

constexpr auto completion_footer =
    "For this shell only: source <(release-guard completion bash)\n"
    "For good, as root:\n"
    "  release-guard completion bash > /usr/share/bash-completion/completions/release-guard\n"
    "  release-guard completion zsh > /usr/share/zsh/vendor-completions/_release-guard\n"
    "  release-guard completion fish > /usr/share/fish/vendor_completions.d/release-guard.fish\n"
    "Exit codes: 0 printed, 2 usage.";

int print_completion(const CLI::App& program, const std::string& shell, CommandContext& context) {
  const auto offered = offered_by(program);
  *context.out << (shell == "bash"  ? bash_completion(offered)
                   : shell == "zsh" ? zsh_completion(offered)
                                    : fish_completion(offered));
  return exit_yes;
}

int write_man_pages(const CLI::App& program, const std::filesystem::path& folder, CommandContext& context) {
  for (const auto& [name, text] : man_pages(offered_by(program), context.build.version))
    if (const auto written = rewrite_file_durably(folder / name, text); !written)
      return complain(context, written.error());
  return exit_yes;
}

}  // namespace

void add_completion(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("completion", "Print a script that completes this command line in a shell.");
  const auto shell = std::make_shared<std::string>();
  add_word(command, "SHELL", *shell, {"bash", "zsh", "fish"})->description("Of which shell.")->required();
  command.footer(completion_footer);
  choice.on(command, [&program, shell](CommandContext& context) { return print_completion(program, *shell, context); });
}

void add_man_pages(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("man-pages", "Write a manual page for each command into a folder.");
  command.group("");
  const auto folder = std::make_shared<std::filesystem::path>();
  command.add_option("FOLDER", *folder, "Where the pages are written; it must exist.")->required();
  choice.on(command,
            [&program, folder](CommandContext& context) { return write_man_pages(program, *folder, context); });
}

}  // namespace guard::cli
