// SPDX-License-Identifier: Apache-2.0
//
// What a rule group says of its releases beside how they are judged: what each must have shown before it begins, which
// of them begin a freeze, and whom to call. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/contacts.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/requirement.hpp"

#include <optional>

namespace guard::config {

// `requires`, `freeze` and `contacts` of `group`, if it has them. Report what is wrong.
std::optional<model::Requirement> read_requirement(const ObjectReader& group);
std::optional<model::FreezePolicy> read_freeze_policy(const ObjectReader& group);
model::Contacts read_contacts(const ObjectReader& group);

}  // namespace guard::config
