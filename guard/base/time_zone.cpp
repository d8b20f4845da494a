// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_zone.hpp"

#include "guard/base/text.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace guard {
namespace {

// The library would also take the path of any file, and what the machine itself is set to.
bool is_zone_name(const std::string& name) {
  const bool plain = std::ranges::all_of(
      name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '+' || c == '-'; });
  return plain && !name.empty() && name.front() != '/' && name != "localtime";
}

WallTime wall(absl::Time time) {
  return WallTime(Duration(absl::ToUnixMillis(time)));
}

}  // namespace

struct TimeZone::Rules {
  absl::TimeZone zone;
};

Result<TimeZone> TimeZone::load(const std::string& name) {
  Rules rules;
  if (is_zone_name(name) && absl::LoadTimeZone(name, &rules.zone))
    return TimeZone(name, std::make_shared<const Rules>(rules));
  return fail(ErrorCode::invalid,
              fmt::format("this machine knows no time zone \"{}\"; write its IANA name, for example "
                          "Europe/Berlin, and have tzdata installed",
                          shorten(name, 60)));
}

CivilTime TimeZone::civil(WallTime at) const {
  const auto shown = absl::ToCivilSecond(absl::FromChrono(at), rules_->zone);
  return CivilTime(std::chrono::seconds(shown - absl::CivilSecond()));
}

TimeZone::Moments TimeZone::moments(CivilTime civil) const {
  const auto found = rules_->zone.At(absl::CivilSecond() + civil.time_since_epoch().count());
  switch (found.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
    case absl::TimeZone::TimeInfo::REPEATED:
      return {wall(found.pre), wall(found.post)};
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {wall(found.trans), wall(found.trans)};
  }
  return {wall(found.pre), wall(found.post)};
}

}  // namespace guard
