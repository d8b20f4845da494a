// SPDX-License-Identifier: Apache-2.0
#include "guard/store/stored_groups.hpp"

#include "guard/base/digest.hpp"
#include "guard/store/group_json.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::store {

Result<std::string> put_group(Database& database, std::string_view text) {
  auto name = digest(text);
  auto done =
      database.run("INSERT INTO rule_groups(digest, body) VALUES(?1, ?2) ON CONFLICT(digest) DO NOTHING", {name, text});
  if (!done) return std::unexpected(done.error());
  return name;
}

Result<std::string> StoredGroups::put(Database& database, const model::RuleGroupPtr& group) {
  if (!group) return "";
  const auto known = digests_.find(group);
  if (known != digests_.end() && stored_.contains(known->second)) return known->second;
  auto name = put_group(database, encode(*group));
  if (!name) return name;
  digests_.insert_or_assign(group, *name);
  written_.push_back(*name);
  return name;
}

void StoredGroups::end(bool committed) {
  const auto written = std::exchange(written_, {});
  if (committed) stored_.insert(written.begin(), written.end());
}

// What is stored is learned anew from the next writes.
Result<void> StoredGroups::prune(Database& database) {
  stored_.clear();
  std::erase_if(digests_, [](const auto& entry) { return entry.first.expired(); });
  return database.run("DELETE FROM rule_groups WHERE digest NOT IN (SELECT group_digest FROM watches)");
}

Result<std::map<std::string, model::RuleGroupPtr>> StoredGroups::load(Database& database) {
  std::map<std::string, model::RuleGroupPtr> groups;
  const auto keep = [&](const Row& row) -> Result<void> {
    auto group = decode_group(row.text(1));
    if (!group)
      return fail(group.error().code,
                  fmt::format("rule group \"{}\" cannot be read: {}", row.text(0), group.error().message));
    groups[row.text(0)] = std::make_shared<const model::RuleGroup>(std::move(*group));
    return {};
  };
  if (auto done = database.each("SELECT digest, body FROM rule_groups", {}, keep); !done)
    return std::unexpected(done.error());
  for (const auto& [name, group] : groups) {
    digests_[group] = name;
    stored_.insert(name);
  }
  return groups;
}

}  // namespace guard::store
