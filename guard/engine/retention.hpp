// SPDX-License-Identifier: Apache-2.0
//
// What of the past is kept, and what is not; what is not is forgotten now and then. Loop thread only.
#pragma once

#include "guard/base/log.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/ledger.hpp"

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace guard::engine {

// Of each release the newest so many signals stay in the timeline: a pipeline may post as many as it likes.
inline constexpr std::size_t most_signals = 1000;

// The finished releases that ended before `before`, and the freezes that were over by then.
store::Outlived outlived(const Fleet& fleet, WallTime before);

// The names of the attempts that belong to any of these releases (hooks::attempts_name). All others can go once they
// are old: going by what is known rather than by what is forgotten, a crash between the two leaves nothing for ever.
std::set<std::string> attempts_of(const Fleet& fleet);

class Retention {
 public:
  struct Parts {
    Ledger& ledger;
    store::Store& journal;
    Executor& executor;
    const Log& log;
    std::filesystem::path state;  // of command hooks
    Duration kept{0};             // how long finished releases are
  };
  // `forgotten` is told of each release that is known no longer.
  Retention(Parts parts, std::function<void(const std::string&)> forgotten)
      : parts_(std::move(parts)), forgotten_(std::move(forgotten)) {}

  // Forgets what has outlived its time: at the first call, and then every few hours. What the store cannot forget stays
  // known until the next time.
  void tick(Instant now);

 private:
  store::Outlived outlived_by(WallTime before) const;
  void forget(store::Outlived old);
  void log_failure(const Error& error) const;

  Parts parts_;
  std::function<void(const std::string&)> forgotten_;
  MonoTime due_{};
};

}  // namespace guard::engine
