// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/alert_lookups.hpp"

#include <algorithm>
#include <utility>

namespace guard::engine {

void AlertLookups::ask(std::shared_ptr<alerts::AlertsSource> source, MonoTime deadline, Done done) {
  auto batch = std::ranges::find(batches_, source, &Batch::source);
  if (batch == batches_.end()) batch = batches_.insert(batches_.end(), Batch{std::move(source), deadline, {}});
  batch->deadline = std::max(batch->deadline, deadline);
  batch->waiting.push_back(std::move(done));
  ask_next();
}

void AlertLookups::ask_next() {
  while (running_ < alerts_threads && !batches_.empty()) {
    auto batch = std::make_shared<Batch>(std::move(batches_.front()));
    batches_.erase(batches_.begin());
    ++running_;
    const auto work = [batch, &clock = parts_.clock]() -> Answer {
      const auto now = clock.now();
      const auto left = batch->deadline - now.mono;
      if (left > Duration{0}) return batch->source->firing(now.wall, left);
      return std::unexpected(model::SourceError{model::Reason::query_failed,
                                                "the round's time was over before Alertmanager could be asked", true});
    };
    run_blocking(parts_.executor, Lane::alerts, work, [this, batch](const Answer& answer) {
      --running_;
      for (const auto& done : batch->waiting) done(answer);
      ask_next();
    });
  }
}

}  // namespace guard::engine
