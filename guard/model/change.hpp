// SPDX-License-Identifier: Apache-2.0
//
// How much a version changes, by the numbers of semantic versioning (semver.org). Pure; safe from any thread.
#pragma once

#include "guard/base/enum_names.hpp"

#include <optional>
#include <string_view>

namespace guard::model {

enum class Change {
  first,  // nothing is known to have been live in the place before
  major,
  minor,
  patch
};

// From `before` to `after`: "v1.2.3", "1.2", "1.2.3-rc.1+build". Nothing where one of them is no such version, or where
// `after` is not the later one: what goes back changes nothing that is new.
std::optional<Change> change_between(std::string_view before, std::string_view after);

// Where nobody can tell what came before: 1.0.0 and 2.0 are major changes from every other release, by their own
// numbers. Nothing of other versions, and of pre-releases.
std::optional<Change> change_to(std::string_view after);

bool is_semantic(std::string_view version);

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Change> {
  using C = model::Change;
  static constexpr std::array table{EnumName<C>{C::first, "first"}, EnumName<C>{C::major, "major"},
                                    EnumName<C>{C::minor, "minor"}, EnumName<C>{C::patch, "patch"}};
};

}  // namespace guard
