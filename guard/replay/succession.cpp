// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/succession.hpp"

#include <algorithm>
#include <map>

namespace guard::replay {
namespace {

bool puts_back(const model::ReleaseSpec& next, const model::ReleaseSpec& last) {
  return !last.previous_version.empty() && next.version == last.previous_version && next.version != last.version;
}

}  // namespace

std::vector<Release> in_succession(std::vector<Release> releases) {
  std::ranges::stable_sort(releases, {}, [](const Release& release) { return release.spec.live_at; });
  std::map<model::Place, std::size_t> last_of;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    auto& next = releases[i];
    if (const auto known = last_of.find(next.spec.place()); known != last_of.end()) {
      auto& last = releases[known->second];
      if (next.spec.previous_version.empty()) next.spec.previous_version = last.spec.version;
      last.replaced_at = next.spec.live_at;
      last.undone = puts_back(next.spec, last.spec);
      // What undoes an undoing is a release again.
      if (last.undone && last.spec.kind != model::ReleaseKind::rollback) next.spec.kind = model::ReleaseKind::rollback;
    }
    last_of[next.spec.place()] = i;
  }
  return releases;
}

}  // namespace guard::replay
