// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/commands.hpp"

#include <filesystem>
#include <memory>

#include <CLI/App.hpp>

namespace guard::cli {

void add_supervise_hook(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("supervise-hook", "Run one call of a command hook and keep its result.");
  command.group("");  // not for people: help leaves it out
  const auto folder = std::make_shared<std::filesystem::path>();
  command.add_option("DIR", *folder, "The folder of the call.")->required();
  choice.on(command, [folder](CommandContext& context) { return context.supervise_hook(*folder); });
}

}  // namespace guard::cli
