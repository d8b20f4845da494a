// SPDX-License-Identifier: Apache-2.0
//
// From checked settings to what the engine works with: the metrics source, Alertmanager, hooks. Used by `serve`, by its
// reloads and, to find out whether it would work, by `check`. Blocking; safe from any thread.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/serve/question_time.hpp"
#include "guard/serve/rehearsal.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace guard::serve {

struct RuntimeContext {
  const Clock& clock;
  std::filesystem::path state;  // where command hooks keep their attempts
  // Told how far the clock of "prometheus" or "alertmanager" is ahead of the guard's; from any thread.
  std::function<void(std::string_view server, Duration skew)> skew = [](auto, auto) {};
};

// Opens nothing yet but key and certificate files. Fails with invalid, naming the part of the configuration.
Result<engine::RuntimePtr> make_runtime(std::shared_ptr<const config::Settings> settings,
                                        const RuntimeContext& context);

// Asks the configured Prometheus whether it is one, and lets it parse every expression. A server that cannot be asked
// says nothing against the rules.
Rehearsal rehearse(const engine::Runtime& runtime, const QuestionTime& time);

// And, where all of them can be parsed, what the server's answers tell against them.
Rehearsal look_at(const engine::Runtime& runtime, const QuestionTime& time);

// The metrics server alone, for who asks about the past. Fails with invalid.
Result<std::shared_ptr<metrics::MetricsSource>> open_metrics(const config::PrometheusSettings& settings);

// Whether a guard could start with these settings, and what the server's answers tell against its rules; nothing is
// kept. Fails as make_runtime.
Result<Rehearsal> try_out(const std::shared_ptr<const config::Settings>& settings);

}  // namespace guard::serve
