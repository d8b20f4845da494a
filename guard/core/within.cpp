// SPDX-License-Identifier: Apache-2.0
#include "guard/core/within.hpp"

#include "guard/promql/metric_name.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

using model::Histogram;

// Where the bucket ends in which `limit` lies; the limit itself where none does that has events.
double end_of_bucket(const Histogram& histogram, double limit) {
  const auto found = std::ranges::find_if(
      histogram.buckets, [limit](const auto& bucket) { return bucket.above < limit && limit < bucket.up_to; });
  return found == histogram.buckets.end() ? limit : found->up_to;
}

double count_above(const Histogram& histogram, double limit) {
  double out = 0;
  for (const auto& bucket : histogram.buckets)
    if (bucket.above >= limit) out += bucket.count;
  return out;
}

// The buckets of a coarser histogram are made of whole ones of a finer one, so that its end is one of theirs.
double common_limit(std::vector<Sample>::const_iterator begin, std::vector<Sample>::const_iterator end, double limit) {
  auto out = limit;
  for (; begin != end; ++begin) out = std::max(out, end_of_bucket(*begin->histogram, limit));
  return out;
}

// Of classic buckets, as a server writes them.
std::vector<std::string> bounds_of(const std::vector<Sample>& series) {
  std::vector<std::string> out;
  for (const auto& sample : series)
    if (const auto le = sample.labels.find("le"); le != sample.labels.end()) out.push_back(le->second);
  std::ranges::sort(out);
  return out;
}

std::string with_suffix(const std::string& selector, std::string_view suffix) {
  const auto braces = std::min(selector.find('{'), selector.size());
  return fmt::format("{}{}{}", promql::metric_name(selector), suffix, selector.substr(braces));
}

}  // namespace

std::expected<Above, std::string> above(const std::vector<Sample>& samples, const Limit& limit) {
  Above out{{}, limit.value};
  if (std::ranges::any_of(samples, [](const Sample& sample) { return !sample.histogram; }))
    return std::unexpected(
        "`histogram` selects numbers, which are no native histogram; count those with `good` and `total`");
  for (auto begin = samples.begin(); begin != samples.end();) {
    const auto end = std::find_if(begin, samples.end(), [&](const Sample& s) { return s.labels != begin->labels; });
    const auto held = common_limit(begin, end, limit.value);
    if (!std::isfinite(held))
      return std::unexpected(
          fmt::format("the last bucket of the histogram has no end above {}, so that nothing is known "
                      "to lie above it: take a limit that is one of its bounds",
                      format_quantity(limit.value, limit.unit)));
    for (; begin != end; ++begin) out.bad.push_back({begin->labels, count_above(*begin->histogram, held), begin->at});
    out.limit = std::max(out.limit, held);
  }
  return out;
}

std::string classic_bounds_query(const std::string& selector) {
  return fmt::format("count by (le) ({})", with_suffix(selector, "_bucket"));
}

std::optional<Remark> classic_instead(const std::string& selector, const std::vector<Sample>& bounds) {
  const auto known = bounds_of(bounds);
  if (known.empty()) return std::nullopt;
  return Remark{
      Finding::cannot_break,
      fmt::format("the server has {} as a classic histogram, with an `le` of {}, and not as a native one", selector,
                  fmt::join(known, ", ")),
      fmt::format("write `good: {}` with one of them and `total: {}`, or have it scraped as a native histogram",
                  with_suffix(selector, "_bucket"), with_suffix(selector, "_count"))};
}

}  // namespace guard::core
