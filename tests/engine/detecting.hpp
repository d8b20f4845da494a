// SPDX-License-Identifier: Apache-2.0
//
// A world whose rule group finds its releases by itself.
#pragma once

#include "tests/engine/watching.hpp"

#include <map>
#include <string>
#include <vector>

namespace guard::test {

inline const std::string versions = "the versions that run";

class Detecting : public Engine {
 protected:
  Detecting() {
    world.groups[0].detect = versions;
    world.restart();
  }
  // What the next readings see of each version.
  void show(const std::map<std::string, double>& running) {
    std::vector<model::Sample> samples;
    for (const auto& [version, count] : running)
      samples.push_back({{{"version", version}, {"environment", "production"}}, count, {}});
    world.metrics->now[versions] = samples;
  }
  // `version` alone, for as long as it takes to be known.
  void run_version(const std::string& version) {
    show({{version, 3}});
    world.run(3s);
  }
  std::vector<story::ReleaseView> releases() { return world.guard->releases({}); }
  // The one that was found last.
  story::ReleaseView found() {
    for (const auto& view : releases())
      if (view.spec.labels.contains(model::detected_label)) return view;
    return {};
  }
};

}  // namespace guard::test
