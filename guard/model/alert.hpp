// SPDX-License-Identifier: Apache-2.0
//
// Alerts that fire, as a rule reads them. Values; a list is shared between threads only as const.
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/sample.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guard::model {

enum class Muted { no, silenced, inhibited };  // what is muted fires, and does not count

struct FiringAlert {
  std::string fingerprint;
  Labels labels;
  WallTime starts_at{};
  Muted muted = Muted::no;
  std::string generator_url = {};  // where its source shows it; empty: not said

  bool operator==(const FiringAlert&) const = default;
};

// A list that nobody changes any more: rounds and rules share it without copying what it holds.
class FiringAlerts {
 public:
  FiringAlerts(std::vector<FiringAlert> alerts = {})  // NOLINT(google-explicit-constructor): a list is a list
      : alerts_(std::make_shared<const std::vector<FiringAlert>>(std::move(alerts))) {}
  const std::vector<FiringAlert>& all() const { return *alerts_; }
  auto begin() const { return alerts_->begin(); }
  auto end() const { return alerts_->end(); }
  std::size_t size() const { return alerts_->size(); }
  bool empty() const { return alerts_->empty(); }

 private:
  std::shared_ptr<const std::vector<FiringAlert>> alerts_;
};

// What is known to fire at one moment.
struct AlertList {
  FiringAlerts firing;  // what is muted among them says so
  // Why more alerts may fire than are listed: then what is listed fires, but nothing is shown not to.
  std::optional<SourceError> doubt = {};
  // Where Alertmanager tells by itself and is not asked: for how long it has told nothing.
  std::optional<Duration> silent_for = {};
};

}  // namespace guard::model
