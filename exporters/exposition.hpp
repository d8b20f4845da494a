// SPDX-License-Identifier: Apache-2.0
//
// The page of metrics: everything that can be collected, in Prometheus' text format 0.0.4
// (prometheus/docs, instrumenting/exposition_formats). Build it before the loop runs; render() then runs on the loop
// thread, because the collectors read what that thread owns.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

// Prometheus 3 refuses a page whose type is missing or incomplete.
inline constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

class Exposition {
 public:
  void add(std::shared_ptr<const prometheus::Collectable> source);

  // Families by name, series by labels, numbers written the same under any locale. A family without a series still
  // shows its HELP and TYPE.
  std::string render() const;

 private:
  std::vector<std::shared_ptr<const prometheus::Collectable>> sources_;
};

}  // namespace guard::exporters
