// SPDX-License-Identifier: Apache-2.0
//
// Asks for the charts that people look at. Few at a time and never on the threads of the rounds that judge, however
// many pages are open; each with a deadline. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/bounded_queue.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/story/series.hpp"

#include <functional>
#include <memory>

namespace guard::engine {

class Charts {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    std::function<RuntimePtr()> runtime;
  };
  explicit Charts(Parts parts);

  // Fails with unavailable (no Prometheus, or too many wait) or timeout (its turn did not come). What the source
  // refuses is a problem of the view.
  void draw(story::SeriesPlan plan, const Completion<story::SeriesView>& done);

 private:
  void ask(const std::shared_ptr<const story::SeriesPlan>& plan, MonoTime deadline,
           const Completion<story::SeriesView>& done);

  Parts parts_;
  BoundedQueue queue_;
};

}  // namespace guard::engine
