// SPDX-License-Identifier: Apache-2.0
#include "exporters/exposition.hpp"

#include <algorithm>
#include <iterator>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace guard::exporters {

void Exposition::add(std::shared_ptr<const prometheus::Collectable> source) {
  sources_.push_back(std::move(source));
}

std::string Exposition::render() const {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& source : sources_) {
    auto part = source->Collect();
    std::move(part.begin(), part.end(), std::back_inserter(families));
  }
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (auto& family : families)
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace guard::exporters
