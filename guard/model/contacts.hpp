// SPDX-License-Identifier: Apache-2.0
//
// Whom to call where a release needs a person. Plain values; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guard::model {

// Each a name and how that person is reached, as the rule file has it; empty: nobody is named.
struct Contacts {
  std::string primary;    // on call
  std::string secondary;  // where the first does not answer
  std::string lead;

  bool operator==(const Contacts&) const = default;
};

// Those who are named, in the order in which they are called: what they are, and who.
std::vector<std::pair<std::string_view, std::string>> named(const Contacts& contacts);

// "primary on-call: Ada, +49 30 1234, @ada; lead: Grace, @grace", or empty.
std::string contacts_text(const Contacts& contacts);

}  // namespace guard::model
