// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/commands.hpp"
#include "guard/hooks/supervisor.hpp"
#include "guard/serve/live_runtime.hpp"
#include "revision.hpp"

#include <array>
#include <exception>
#include <iostream>

namespace {

using namespace guard;

constexpr std::array groups{cli::CommandGroup{cli::add_serve},     cli::CommandGroup{cli::add_check},
                            cli::CommandGroup{cli::add_try},       cli::CommandGroup{cli::add_tune},
                            cli::CommandGroup{cli::add_backtest},  cli::CommandGroup{cli::add_test},
                            cli::CommandGroup{cli::add_schema},    cli::CommandGroup{cli::add_import},
                            cli::CommandGroup{cli::add_release},   cli::CommandGroup{cli::add_freeze},
                            cli::CommandGroup{cli::add_gate},      cli::CommandGroup{cli::add_preflight},
                            cli::CommandGroup{cli::add_run},       cli::CommandGroup{cli::add_report},
                            cli::CommandGroup{cli::add_figures},   cli::CommandGroup{cli::add_healthcheck},
                            cli::CommandGroup{cli::add_mcp},       cli::CommandGroup{cli::add_completion},
                            cli::CommandGroup{cli::add_man_pages}, cli::CommandGroup{cli::add_supervise_hook}};

}  // namespace

int main(int argc, char** argv) {
  try {
    auto context = cli::this_machine();
    context.build = build_of(RELEASE_GUARD_REVISION, RELEASE_GUARD_DATE);
    context.try_out = serve::try_out;
    context.metrics = serve::open_metrics;
    context.serve = serve::run_serve;
    context.supervise_hook = hooks::run_supervisor;
    return cli::run_program(groups, std::vector<std::string>(argv + 1, argv + argc), context);
  } catch (const std::exception& error) {
    std::cerr << "release-guard: " << error.what() << "\n";
    return cli::exit_no;
  }
}
