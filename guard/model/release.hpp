// SPDX-License-Identifier: Apache-2.0
//
// What a release is and where it stands. Plain values; safe from any thread as long as each has one owner.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"

#include <map>
#include <optional>
#include <string>

namespace guard::model {

enum class Phase {
  deploying,          // announced, the switch is under way; nothing is judged
  settling,           // live; readings are shown but never count as a breach
  watching,           // live; objectives are judged until the window ends
  awaiting_approval,  // a breach was decided in mode ask; a person must approve or abort
  rolling_back,       // a rollback is decided and its hook is being called
  verifying,          // the hook is done; the objectives must hold again, and are watched for the whole of `verify`
  passed,
  breached,    // an objective was certainly broken and nothing was rolled back: neither passed nor unverified
  unverified,  // the window ended without enough evidence; never shown or counted as passed
  rolled_back,
  rollback_failed,
  aborted,
  superseded
};

enum class ReleaseKind { feature, hotfix, rollback };

// Where a release goes: what runs in one place is one thing, of which each release is a version.
struct Place {
  std::string service;
  std::string environment;

  auto operator<=>(const Place&) const = default;
};

// The places of a service, of an environment, or all: what is not named may be any.
struct Places {
  std::optional<std::string> service = {};
  std::optional<std::string> environment = {};

  bool contain(const Place& place) const {
    return (!service || *service == place.service) && (!environment || *environment == place.environment);
  }
  bool operator==(const Places&) const = default;
};

// What the pipeline announces. Two announcements with one id must be equal.
struct ReleaseSpec {
  std::string id;
  std::string service;
  std::string environment;
  std::string version;
  std::string previous_version;  // empty: nothing to roll back to
  ReleaseKind kind = ReleaseKind::feature;
  std::map<std::string, std::string> labels;
  std::optional<WallTime> live_at;  // when the pipeline says it went live
  bool deploying = false;           // wait for `live` before judging

  Place place() const { return {service, environment}; }
  bool operator==(const ReleaseSpec&) const = default;
};

// What was last seen to run in a place, by the guard's own looking.
struct SeenVersion {
  Place place;
  std::string version;
  WallTime since{};

  bool operator==(const SeenVersion&) const = default;
};

// The release label of what nobody announced and the guard found by itself.
inline constexpr auto detected_label = "detected";

// The labels it is matched by: service, environment, version, previous_version, kind and its own.
Labels labels_of(const ReleaseSpec& spec);

// Nothing follows this phase by itself; a person may still order a rollback where phase_machine.hpp allows it.
bool is_final(Phase phase);

// True while the guard reads the release's rules: settling, watching, awaiting_approval, verifying.
bool is_judged(Phase phase);

// Time since the release went live, kept across restarts, pauses and reboots. Boot time measures it; wall time only
// bridges a reboot, where boot time starts anew.
struct WatchClock {
  Duration elapsed{0};           // what had run when `as_of` was taken
  std::optional<Instant> as_of;  // empty: not running (not live yet, or paused)
  std::string boot_id;           // the boot in which as_of.mono counts

  bool operator==(const WatchClock&) const = default;

  // At `now`, which may lie before `as_of`.
  Duration age(Instant now) const;
  void start(Instant now, std::string boot);
  void stop(Instant now);
  // After a restart in another boot: count the downtime by wall time, never negative and never more than `limit`.
  void resume_after_reboot(Instant now, const std::string& boot, Duration limit);
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Phase> {
  using P = model::Phase;
  static constexpr std::array table{EnumName<P>{P::deploying, "deploying"},
                                    EnumName<P>{P::settling, "settling"},
                                    EnumName<P>{P::watching, "watching"},
                                    EnumName<P>{P::awaiting_approval, "awaiting_approval"},
                                    EnumName<P>{P::rolling_back, "rolling_back"},
                                    EnumName<P>{P::verifying, "verifying"},
                                    EnumName<P>{P::passed, "passed"},
                                    EnumName<P>{P::breached, "breached"},
                                    EnumName<P>{P::unverified, "unverified"},
                                    EnumName<P>{P::rolled_back, "rolled_back"},
                                    EnumName<P>{P::rollback_failed, "rollback_failed"},
                                    EnumName<P>{P::aborted, "aborted"},
                                    EnumName<P>{P::superseded, "superseded"}};
};

template <>
struct EnumNames<model::ReleaseKind> {
  using K = model::ReleaseKind;
  static constexpr std::array table{EnumName<K>{K::feature, "feature"}, EnumName<K>{K::hotfix, "hotfix"},
                                    EnumName<K>{K::rollback, "rollback"}};
};

}  // namespace guard
