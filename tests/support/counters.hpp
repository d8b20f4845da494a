// SPDX-License-Identifier: Apache-2.0
//
// A service whose counters are scraped: what a server stores of its requests.
#pragma once

#include "guard/core/share.hpp"
#include "tests/support/builders.hpp"

#include <vector>

namespace guard::core {

// `error_rate: < 1%` of http_requests_total, by evidence.
Rule share_rule();

// One target, scraped each `interval` or `each`; counters begin at 0 with the first scrape.
class CountedService {
 public:
  explicit CountedService(std::string instance = "app-1", Duration each = interval)
      : instance_(std::move(instance)), each_(each) {}

  // The next scrape, after so many more requests, of which some failed. The series of failures is born with the first.
  void scrape(double requests, double failed);
  // A scrape that found the process anew.
  void restart() { good_ = bad_ = 0; }
  // A scrape that never came, or went wrong.
  void miss() { now_ = now_ + each_; }

  Instant now() const { return now_; }
  const std::vector<Sample>& total() const { return total_; }
  const std::vector<Sample>& bad() const { return failures_; }
  std::vector<Sample> good() const;

 private:
  Sample made(const std::string& status, double value) const;

  std::string instance_;
  Duration each_;
  Instant now_ = moment();
  double good_ = 0;
  double bad_ = 0;
  std::vector<Sample> total_;  // of both, as a selector without `status` finds them
  std::vector<Sample> failures_;
};

// All that was stored.
ShareAnswer all_of(const CountedService& service);

// `samples` of (at - range, at], those of a series together, as a server answers.
std::vector<Sample> in_range(const std::vector<Sample>& samples, WallTime at, Duration range);

}  // namespace guard::core
