// SPDX-License-Identifier: Apache-2.0
//
// Asks for the charts that people look at. Few at a time and never on the threads of the rounds that judge, however
// many pages are open; each with a deadline. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/story/series.hpp"

#include <deque>
#include <functional>

namespace guard::engine {

class Charts {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    std::function<RuntimePtr()> runtime;
  };
  explicit Charts(Parts parts) : parts_(std::move(parts)) {}

  // Fails with unavailable (no Prometheus, or too many wait) or timeout (its turn did not come). What the source
  // refuses is a problem of the view.
  void draw(story::SeriesPlan plan, Completion<story::SeriesView> done);

 private:
  struct Waiting {
    story::SeriesPlan plan;
    Completion<story::SeriesView> done;
    MonoTime deadline{};
  };
  void pump();
  void ask(Waiting next);

  Parts parts_;
  std::deque<Waiting> waiting_;
  std::size_t running_ = 0;
};

}  // namespace guard::engine
