// SPDX-License-Identifier: Apache-2.0
//
// The call and the command that the tests of hooks begin with.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/hooks/hook.hpp"

#include <filesystem>

namespace guard::test {

inline hooks::HookCall sample_call() {
  hooks::HookCall call;
  call.key = "shop/production/r1/1";
  call.release = "r1";
  call.subject.service = "shop";
  call.subject.environment = "production";
  call.subject.version = "v2";
  call.subject.previous_version = "v1";
  call.slo = "error_rate";
  call.reason = "20% against < 1%";
  call.trigger = "objective";
  call.decided_at = WallTime(std::chrono::seconds(1'700'000'000));
  return call;
}

// Runs `program` where it stands, with times that no healthy test comes near.
inline config::CommandHook sample_command(const std::filesystem::path& program) {
  config::CommandHook command;
  command.argv = {*promql::TextTemplate::parse(program.string(), promql::TemplateKind::argument)};
  command.dir = program.parent_path();
  command.timeout = std::chrono::seconds(60);
  command.grace = std::chrono::seconds(1);
  command.output_cap = std::size_t{64} << 10U;
  return command;
}

}  // namespace guard::test
