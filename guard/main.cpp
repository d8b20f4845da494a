// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/all_commands.hpp"
#include "guard/hooks/supervisor.hpp"
#include "guard/serve/live_runtime.hpp"
#include "guard/serve/test_message.hpp"
#include "revision.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

using namespace guard;

int main(int argc, char** argv) {
  try {
    auto context = cli::this_machine();
    context.build = build_of(RELEASE_GUARD_REVISION, RELEASE_GUARD_DATE);
    context.try_out = serve::try_out;
    context.send_test_messages = serve::send_test_messages;
    context.metrics = serve::open_metrics;
    context.serve = serve::run_serve;
    context.supervise_hook = hooks::run_supervisor;
    return cli::run_program(cli::all_commands, std::vector<std::string>(argv + 1, argv + argc), context);
  } catch (const std::exception& error) {
    std::cerr << "release-guard: " << error.what() << "\n";
    return cli::exit_no;
  }
}
