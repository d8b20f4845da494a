// SPDX-License-Identifier: Apache-2.0
//
// Rules that others have written, as a rule file of the guard: Prometheus' alerts, Sloth's and OpenSLO's objectives,
// Flagger's metrics and Argo Rollouts' analyses. What becomes of each is in docs/importing.md. Text to text, pure; safe
// from any thread.
#pragma once

#include "guard/config/diagnostics.hpp"
#include "guard/config/source.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guard::importing {

struct Imported {
  std::string text;            // a rule file that `release-guard check` takes; empty if there are no rules
  std::size_t rules = 0;       // in it
  std::size_t changed = 0;     // of them, those that mean something else than where they come from; comments say what
  config::Diagnostics unread;  // errors: what cannot be read at all; then there is no text
  config::Diagnostics left;    // warnings: each thing that could not be carried over, and why; also at the text's end
};

// What `files` say. Each document in them is taken for what its content shows it to be, or for `format` where that is
// given, which must be one of formats().
Imported import(std::span<const config::Source> files, const std::optional<std::string>& format);

// The names of what can be imported.
std::vector<std::string> formats();

}  // namespace guard::importing
