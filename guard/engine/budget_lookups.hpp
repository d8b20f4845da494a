// SPDX-License-Identifier: Apache-2.0
//
// Asks Prometheus for what is left of error budgets. They look back over weeks and cost accordingly: few are asked at
// once, and all who want the same one meanwhile get the same answer. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/executor.hpp"
#include "guard/metrics/metrics_source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace guard::engine {

class BudgetLookups {
 public:
  using Done = std::function<void(const model::Samples&)>;
  struct Parts {
    Executor& executor;
    const Clock& clock;
  };
  explicit BudgetLookups(Parts parts) : parts_(parts) {}

  struct Question {
    std::shared_ptr<metrics::MetricsSource> source;  // null: there is no Prometheus, and that is the answer
    std::string query;
    MonoTime deadline{};
  };
  // Tells `done` the answer, perhaps at once. Where another asks the same already, its deadline counts.
  void ask(Question question, Done done);

 private:
  struct Lookup {
    Question question;
    std::vector<Done> waiting;
    bool begun = false;
  };
  void begin_next();

  Parts parts_;
  std::vector<std::shared_ptr<Lookup>> lookups_;  // in the order they came
  std::size_t asking_ = 0;
};

}  // namespace guard::engine
