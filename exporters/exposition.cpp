// SPDX-License-Identifier: Apache-2.0
#include "exporters/exposition.hpp"

#include "exporters/open_metrics.hpp"

#include <algorithm>
#include <iterator>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace guard::exporters {

namespace {

using Collectables = std::vector<std::shared_ptr<const prometheus::Collectable>>;

std::string render(const Collectables& sources, Format format) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& source : sources) {
    auto part = source->Collect();
    std::move(part.begin(), part.end(), std::back_inserter(families));
  }
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (auto& family : families)
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  if (format == Format::open_metrics) return open_metrics(families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace

std::function<std::string()> Exposition::look(Format format) const {
  Collectables seen;
  for (const auto& source : sources_) seen.push_back(source());
  return [seen = std::move(seen), format] { return render(seen, format); };
}

}  // namespace guard::exporters
