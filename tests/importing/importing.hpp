// SPDX-License-Identifier: Apache-2.0
//
// One alert, imported.
#pragma once

#include "guard/importing/condition.hpp"

#include <memory>
#include <string>

namespace guard::importing::test {

// What the alert `expr` comes to, or why it is no objective.
struct AlertDraft {
  Draft draft;
  std::string refused;
};

inline AlertDraft alert(const std::string& expr, Duration sustained = {}) {
  static const config::Source source("alerts.yml", "");
  AlertDraft out{Draft("Alert", {&source, 0}), {}};
  out.draft.sustained = sustained;
  const auto put = put_alert(out.draft, expr);
  if (!put) out.refused = put.error().why;
  return out;
}

}  // namespace guard::importing::test
