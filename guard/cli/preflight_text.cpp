// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/preflight_text.hpp"

#include "guard/cli/check_lines.hpp"
#include "guard/cli/text_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::cli {
namespace {

std::size_t count(const story::PreflightView& preflight, std::string_view state) {
  return static_cast<std::size_t>(std::ranges::count(preflight.checks, state, &story::CheckView::state));
}

std::string head_of(const story::PreflightView& preflight) {
  auto out = preflight.service;
  if (preflight.version) out += " " + *preflight.version;
  out += " in " + preflight.environment;
  if (preflight.live_version) out += fmt::format(", where {} is live", *preflight.live_version);
  return fmt::format("{}; it would be watched by {}", out, preflight.group);
}

std::string conclusion(const story::PreflightView& preflight) {
  const auto failed = count(preflight, "failed");
  const auto unknown = count(preflight, "unknown");
  if (failed > 0)
    return fmt::format("Not now: {} of {} checks failed{}.", failed, preflight.checks.size(),
                       unknown > 0 ? fmt::format(", and of {} nobody can tell", unknown) : "");
  if (unknown > 0)
    return fmt::format("Nothing speaks against a release; of {} of {} checks nobody can tell.", unknown,
                       preflight.checks.size());
  return fmt::format("A release may begin: all {} checks passed.", preflight.checks.size());
}

std::string whom_to_call(const story::PreflightView& preflight, const TextOptions& options) {
  const auto lines = preflight.state == "passed" ? "" : contact_lines(preflight.contacts, options);
  return lines.empty() ? "" : "Whom to call:\n" + lines;
}

}  // namespace

std::string preflight_text(const story::PreflightView& preflight, const TextOptions& options) {
  return fmt::format("{}\n\n{}\n{}\n{}", paint(head_of(preflight), Style::strong, options.colour),
                     check_lines(preflight.checks, options), conclusion(preflight), whom_to_call(preflight, options));
}

}  // namespace guard::cli
