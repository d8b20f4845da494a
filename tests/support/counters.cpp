// SPDX-License-Identifier: Apache-2.0
#include "tests/support/counters.hpp"

#include <algorithm>

namespace guard::core {
namespace {

TextTemplate selector(const std::string& text) {
  return *TextTemplate::parse(text, promql::TemplateKind::promql);
}

}  // namespace

Rule share_rule() {
  auto rule = error_rate();
  rule.kind = RuleKind::share;
  rule.expr.reset();
  rule.share = Share{selector("requests{status=\"500\"}"), selector("requests")};
  rule.breach = {1min, 0, 0};
  return rule;
}

void CountedService::scrape(double requests, double failed) {
  good_ += requests - failed;
  bad_ += failed;
  total_.push_back(made("200", good_));
  if (bad_ > 0) {
    total_.push_back(made("500", bad_));
    failures_.push_back(made("500", bad_));
  }
  now_ = now_ + each_;
}

std::vector<Sample> CountedService::good() const {
  std::vector<Sample> out;
  std::ranges::copy_if(total_, std::back_inserter(out), [](const Sample& s) { return s.labels.at("status") == "200"; });
  return out;
}

Sample CountedService::made(const std::string& status, double value) const {
  return {{{"job", "shop"}, {"instance", instance_}, {"status", status}}, value, now_.wall};
}

ShareAnswer all_of(const CountedService& service) {
  const auto now = service.now().wall;
  return {in_range(service.total(), now, 24h), in_range(service.bad(), now, 24h)};
}

std::vector<Sample> in_range(const std::vector<Sample>& samples, WallTime at, Duration range) {
  std::vector<Sample> out;
  std::ranges::copy_if(samples, std::back_inserter(out),
                       [&](const Sample& sample) { return sample.at > at - range && sample.at <= at; });
  std::ranges::stable_sort(out, {}, &Sample::labels);
  return out;
}

}  // namespace guard::core
