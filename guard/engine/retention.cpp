// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/retention.hpp"

#include "guard/hooks/attempt_store.hpp"

namespace guard::engine {

std::vector<std::string> outlived(const Fleet& fleet, WallTime before) {
  std::vector<std::string> old;
  for (const auto& [id, watch] : fleet)
    if (model::is_final(watch->phase) && watch->ended_at && *watch->ended_at < before) old.push_back(id);
  return old;
}

std::set<std::string> attempts_of(const Fleet& fleet) {
  std::set<std::string> names;
  for (const auto& [id, watch] : fleet)
    for (const auto& decision : watch->decisions) names.insert(hooks::attempts_name(decision.key, decision.at));
  return names;
}

}  // namespace guard::engine
