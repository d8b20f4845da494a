// SPDX-License-Identifier: Apache-2.0
//
// Which release asks next. Only so many questions run at once; each release may have a few of them, the one that was
// read the longest ago goes first, and those whose questions take long never have all places, so that neither many
// releases nor a slow one leave others unread. Holds names and counts only. Loop thread only.
#pragma once

#include "guard/base/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace guard::engine {

class FairQueue {
 public:
  struct Limits {
    std::size_t at_once = 16;        // questions that run side by side
    std::size_t for_one = 4;         // ... of one release
    std::size_t kept_for_quick = 4;  // places that releases with slow questions may not take
  };
  struct Line {
    MonoTime since{};           // when the release was last read
    bool slow = false;          // its questions took long the last time
    std::size_t questions = 0;  // that wait
  };
  // One question that may be asked now; to be given back once its answer is there.
  struct Turn {
    std::string name;
    bool slow = false;
  };

  explicit FairQueue(Limits limits) : limits_(limits) {}

  // `name` has questions to ask; what it had waiting before is forgotten, what runs is not.
  void join(const std::string& name, Line line);
  // Its waiting questions are given up.
  void leave(const std::string& name);
  // Whose turn it is, if a place is free for any. A release that has begun to ask goes before those that have not.
  std::optional<Turn> next();
  void done(const Turn& turn);

  // Questions of `name` that run.
  std::size_t running(const std::string& name) const;

 private:
  struct Waiting {
    Line line;
    bool begun = false;
  };
  using Rank = std::tuple<bool, MonoTime, std::string>;  // not begun, since, name: in order of their turns

  static Rank rank_of(const std::string& name, const Waiting& waiting);
  bool may_run(const std::string& name, const Line& line) const;
  Turn take(const std::string& name);

  Limits limits_;
  std::map<std::string, Waiting> waiting_;
  std::set<Rank> order_;
  std::map<std::string, std::size_t> running_;
  std::size_t all_running_ = 0;
  std::size_t slow_running_ = 0;
};

}  // namespace guard::engine
