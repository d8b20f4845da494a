// SPDX-License-Identifier: Apache-2.0
//
// The rule groups in the journal: each is stored once under the digest of its text, however many watches started with
// it and however often those are written. The journal's own thread.
#pragma once

#include "guard/model/rule.hpp"
#include "guard/store/sqlite.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace guard::store {

// Writes a group's text unless it is stored; its digest. To be called within a transaction.
Result<std::string> put_group(Database& database, std::string_view text);

class StoredGroups {
 public:
  // Writes the group unless it is known to be stored; the digest that names it, empty where there is no group. To be
  // called within a transaction, whose end end() is told of.
  Result<std::string> put(Database& database, const model::RuleGroupPtr& group);
  // What a transaction that failed has written is not stored.
  void end(bool committed);
  // Drops those that no watch names any more. To be called within a transaction.
  Result<void> prune(Database& database);

  // All that are stored, by digest. Fails with the digest of the first that cannot be read.
  Result<std::map<std::string, model::RuleGroupPtr>> load(Database& database);

 private:
  // Of each group that lives: its digest is made once, not with each write of a watch.
  std::map<std::weak_ptr<const model::RuleGroup>, std::string, std::owner_less<>> digests_;
  std::set<std::string> stored_;
  std::vector<std::string> written_;  // by the transaction that runs
};

}  // namespace guard::store
