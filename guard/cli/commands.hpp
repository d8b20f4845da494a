// SPDX-License-Identifier: Apache-2.0
//
// The command groups, each in a file of its own; guard/main.cpp lists them. Each adds its subcommands to `program`
// and tells `choice` what they do. The main thread only.
#pragma once

#include "guard/cli/program.hpp"

namespace guard::cli {

void add_serve(CLI::App& program, Choice& choice);
void add_check(CLI::App& program, Choice& choice);
void add_try(CLI::App& program, Choice& choice);
void add_tune(CLI::App& program, Choice& choice);
void add_backtest(CLI::App& program, Choice& choice);
void add_test(CLI::App& program, Choice& choice);
void add_schema(CLI::App& program, Choice& choice);
void add_import(CLI::App& program, Choice& choice);
void add_release(CLI::App& program, Choice& choice);
void add_run(CLI::App& program, Choice& choice);
void add_preflight(CLI::App& program, Choice& choice);
void add_freeze(CLI::App& program, Choice& choice);
void add_gate(CLI::App& program, Choice& choice);
void add_figures(CLI::App& program, Choice& choice);
void add_notify(CLI::App& program, Choice& choice);
void add_report(CLI::App& program, Choice& choice);
void add_healthcheck(CLI::App& program, Choice& choice);
void add_completion(CLI::App& program, Choice& choice);
void add_mcp(CLI::App& program, Choice& choice);
// Hidden: packages are made with it.
void add_man_pages(CLI::App& program, Choice& choice);
// Hidden: the guard starts it itself, beside each command hook.
void add_supervise_hook(CLI::App& program, Choice& choice);

}  // namespace guard::cli
