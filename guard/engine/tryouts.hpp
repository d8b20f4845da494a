// SPDX-License-Identifier: Apache-2.0
//
// What people try out beside the watching: a rule's other objective over a release's past, and the text of a rule file.
// One of each kind at a time, on the lane of the past and never on the loop, each with a deadline; nothing is kept.
// Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/bounded_queue.hpp"
#include "guard/engine/charts.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/story/series.hpp"

#include <functional>

namespace guard::engine {

// What a rule file's text comes to. Blocking; called on a thread of the lane of the past, to be back by the deadline.
struct RuleTextInspector {
  std::function<config::Findings(const RuleText&, const Runtime&, MonoTime deadline)> check;
  std::function<Result<story::SeriesPlan>(const RuleText&, int line, WallTime now)> plan;
};

class TryOuts {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    std::function<RuntimePtr()> runtime;
    Charts& charts;
    RuleTextInspector inspector;
  };
  explicit TryOuts(Parts parts);

  // Of this release. Fails with not_found (the objective), invalid (the change, or it never went live), unavailable (no
  // Prometheus, or too many wait) or timeout.
  void what_if(const model::Watch& watch, const WhatIfQuery& query, const Completion<WhatIfAnswer>& done);
  // Without Prometheus the text alone. Fails with unavailable (too many wait) or timeout.
  void check(RuleText text, const Completion<config::Findings>& done);
  // The last day of the rule on this line. Fails as check and charts do, and with invalid where nothing can be drawn.
  void draw(RuleText text, int line, const Completion<story::SeriesView>& done);

 private:
  Parts parts_;
  BoundedQueue trials_;
  BoundedQueue checks_;
};

}  // namespace guard::engine
