// SPDX-License-Identifier: Apache-2.0
//
// A store in memory that fails when a test says so. What it keeps outlives it, as a disk outlives a process; it holds
// to the contract of every store (tests/store/store_contract_test.cpp). One thread.
#pragma once

#include "guard/store/store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::test {

// What survives the guard: the same disk is given to the next one.
struct Disk {
  std::map<std::string, model::Watch> watches;
  std::vector<std::string> order;  // of the watches' first commits
  std::vector<store::TimelineEvent> events;
  std::map<std::string, store::ReceivedAlert> alerts;
  std::map<std::string, store::GroupHeard> cut_short;
  std::map<std::string, model::Freeze> freezes;
  std::map<model::Place, model::SeenVersion> seen;
  std::map<std::pair<std::string, model::Labels>, store::ToldAlert> told;
  std::optional<WallTime> heard_at;
  bool full = false;
  bool nearly_full = false;  // small commits still fit
  bool broken = false;
  int commits = 0;
  std::function<void(const store::Batch&)> on_commit;
};

class MemoryStore final : public store::Store {
 public:
  explicit MemoryStore(Disk& disk) : disk_(&disk) {}
  Result<store::Contents> load() override;
  Result<void> commit(const store::Batch& batch) override;
  Result<void> probe() override;
  Result<store::TimelinePage> timeline(const store::TimelineQuery& query) override;
  Result<void> forget(const store::Outlived& outlived) override;

 private:
  Result<void> refusal() const;
  void put(const model::Watch& watch);
  void drop_older(const store::NewestOfKind& newest);

  Disk* disk_;
};

}  // namespace guard::test
