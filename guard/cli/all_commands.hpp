// SPDX-License-Identifier: Apache-2.0
//
// Every command of the program, in the order in which `--help` lists them.
#pragma once

#include "guard/cli/commands.hpp"

#include <array>

namespace guard::cli {

inline constexpr std::array all_commands{
    CommandGroup{add_serve},      CommandGroup{add_check},       CommandGroup{add_try},
    CommandGroup{add_tune},       CommandGroup{add_backtest},    CommandGroup{add_test},
    CommandGroup{add_schema},     CommandGroup{add_import},      CommandGroup{add_release},
    CommandGroup{add_freeze},     CommandGroup{add_gate},        CommandGroup{add_preflight},
    CommandGroup{add_run},        CommandGroup{add_report},      CommandGroup{add_figures},
    CommandGroup{add_notify},     CommandGroup{add_healthcheck}, CommandGroup{add_mcp},
    CommandGroup{add_completion}, CommandGroup{add_man_pages},   CommandGroup{add_supervise_hook}};

}  // namespace guard::cli
