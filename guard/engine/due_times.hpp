// SPDX-License-Identifier: Apache-2.0
//
// When each release is to be looked at next, in order: the loop looks at those that are due, however many there are. An
// early look does no harm, so the earliest time asked for counts. Loop thread only.
#pragma once

#include "guard/base/time.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace guard::engine {

class DueTimes {
 public:
  // It is looked at by then, or earlier if that was asked for before.
  void at_latest(const std::string& id, MonoTime at);
  // Those that are due; they are due no more until they are asked for again.
  std::vector<std::string> take(MonoTime now);
  // When the first is due; MonoTime::max() where none is.
  MonoTime next() const;

 private:
  std::map<std::string, MonoTime> due_;
  std::set<std::pair<MonoTime, std::string>> order_;
};

}  // namespace guard::engine
