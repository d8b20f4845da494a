// SPDX-License-Identifier: Apache-2.0
//
// The page of metrics: everything that can be collected, in Prometheus' text format 0.0.4
// (prometheus/docs, instrumenting/exposition_formats) or as OpenMetrics. Build it before the loop runs; look() then
// runs on the loop thread, which owns what is shown, and the page is written on any other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

enum class Format { text, open_metrics };

class Exposition {
 public:
  // Looks at what the loop owns; what it returns can be collected on any thread.
  using Source = std::function<std::shared_ptr<const prometheus::Collectable>()>;
  void add(Source source) { sources_.push_back(std::move(source)); }

  // Looks at every source. The function it returns writes the page: families by name, series by labels, numbers the
  // same under any locale. A family without a series still shows its HELP and TYPE.
  std::function<std::string()> look(Format format) const;

 private:
  std::vector<Source> sources_;
};

}  // namespace guard::exporters
