// SPDX-License-Identifier: Apache-2.0
//
// Asks Alertmanager for what fires, on a lane of its own, so that no question to Prometheus stands in its way. One
// listing serves every release that waits for one when it is begun; those that come later wait for the next, because
// it tells of their moment. Few are under way at once, however many releases there are. Loop thread only.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/base/clock.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/runtime.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <vector>

namespace guard::engine {

class AlertLookups {
 public:
  using Answer = std::expected<model::AlertList, model::SourceError>;
  using Done = std::function<void(const Answer&)>;
  struct Parts {
    Executor& executor;
    const Clock& clock;
  };
  explicit AlertLookups(Parts parts) : parts_(parts) {}

  // Tells `done` what fires by `source`. The answer may come after `deadline` where others wait longer for the same.
  void ask(std::shared_ptr<alerts::AlertsSource> source, MonoTime deadline, Done done);

 private:
  struct Batch {
    std::shared_ptr<alerts::AlertsSource> source;
    MonoTime deadline{};
    std::vector<Done> waiting;
  };
  void ask_next();

  Parts parts_;
  std::vector<Batch> batches_;  // not begun; one for each source, of which there are two only after a reload
  std::size_t running_ = 0;
};

}  // namespace guard::engine
