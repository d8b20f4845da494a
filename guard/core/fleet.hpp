// SPDX-License-Identifier: Apache-2.0
//
// All releases together, the freezes that people began, and what was seen to run: what a decision about one of them may
// see of the others, found by id or by place. Pure; safe from any thread as long as each fleet has one owner.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace guard::core {

using WatchPtr = std::shared_ptr<const Watch>;

// True if a rule that may roll it back is in breach, or has led to a decision since then.
bool breaks(const Watch& watch, WallTime since);

// Which releases a question is about, so that it need not look at all of them.
enum class FleetPart {
  all,
  broken,    // a rule that may roll it back is in breach, or has ever led to a decision
  freezing,  // it began a freeze when it went live
};
bool is_in(const Watch& watch, FleetPart part);

// Where a release stands among those of its place. The last of them speaks for the place: the one announced last, but
// for one that never came.
struct Standing {
  bool may_have_come = false;
  WallTime announced_at{};
  std::string id;

  auto operator<=>(const Standing&) const = default;
};

class FleetView {
 public:
  virtual ~FleetView() = default;
  // Nullptr: not known.
  virtual const Watch* find(const std::string& id) const = 0;
  // Those of one service and environment, by id.
  virtual std::vector<const Watch*> at(const Place& place) const = 0;
  virtual void for_each(FleetPart part, const std::function<void(const Watch&)>& visit) const = 0;
  // Those that people began, by their ids, also those that are over.
  virtual std::map<std::string, Freeze> ordered_freezes() const = 0;
  // What was last seen to run in the place, or nothing.
  virtual std::optional<SeenVersion> seen(const Place& place) const = 0;
};

class Fleet final : public FleetView {
 public:
  // In place of what it had under this id, which must be of the same place.
  void put(WatchPtr watch);
  void put(Freeze freeze);
  void put(SeenVersion seen);
  void erase(const std::string& id);
  void erase_freeze(const std::string& id) { freezes_.erase(id); }
  void clear();

  WatchPtr get(const std::string& id) const;
  const Watch* find(const std::string& id) const override { return get(id).get(); }
  std::vector<const Watch*> at(const Place& place) const override;
  void for_each(FleetPart part, const std::function<void(const Watch&)>& visit) const override;
  std::map<std::string, Freeze> ordered_freezes() const override { return freezes_; }
  std::optional<SeenVersion> seen(const Place& place) const override;
  const std::map<Place, SeenVersion>& all_seen() const { return seen_; }

  bool contains(const std::string& id) const { return watches_.contains(id); }
  // The ids of those whose phase is not final.
  const std::set<std::string>& open() const { return open_; }
  // The ids of those that have ended and need a person all the same.
  const std::set<std::string>& left_to_person() const { return left_to_person_; }
  // The ids of those that ended then or later.
  std::set<std::string> ended_since(WallTime time) const;
  // Those that went live in this time, both ends belonging to it, the first of them first.
  std::vector<const Watch*> live_between(WallTime from, WallTime until) const;
  // Those of each place; a place without any is not among them.
  const std::map<Place, std::set<Standing>>& places() const { return places_; }
  // Pairs of id and watch, in the order of the ids.
  auto begin() const { return watches_.begin(); }
  auto end() const { return watches_.end(); }

 private:
  // Forgets where it stands among the others.
  void unlist(const Watch& watch);

  std::map<std::string, WatchPtr> watches_;
  std::map<Place, std::set<Standing>> places_;
  std::set<std::pair<WallTime, std::string>> ended_;
  std::set<std::pair<WallTime, std::string>> live_;
  std::set<std::string> open_;
  std::set<std::string> left_to_person_;
  std::set<std::string> broken_;
  std::set<std::string> freezing_;
  std::map<std::string, Freeze> freezes_;
  std::map<Place, SeenVersion> seen_;
};

}  // namespace guard::core
