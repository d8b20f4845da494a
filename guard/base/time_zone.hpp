// SPDX-License-Identifier: Apache-2.0
//
// What the clocks on the wall of a place show, by the time zone database of this machine (tzdata). Values; safe from
// any thread. load() reads a file; all else is pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <memory>
#include <string>

namespace guard {

// A date and time without a zone.
using CivilTime = std::chrono::local_time<std::chrono::seconds>;

class TimeZone {
 public:
  // By its IANA name ("Europe/Berlin"). Fails with invalid where this machine knows no such zone.
  static Result<TimeZone> load(const std::string& name);

  // What the clocks show at this moment.
  CivilTime civil(WallTime at) const;

  // When the clocks show `civil`: twice in the night in which they are set back, and not at all while they are set
  // forward; then both are the moment of the change.
  struct Moments {
    WallTime first{};
    WallTime last{};
  };
  Moments moments(CivilTime civil) const;

  const std::string& name() const { return name_; }
  bool operator==(const TimeZone& other) const { return name_ == other.name_; }

 private:
  struct Rules;
  TimeZone(std::string name, std::shared_ptr<const Rules> rules) : name_(std::move(name)), rules_(std::move(rules)) {}

  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace guard
