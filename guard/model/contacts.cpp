// SPDX-License-Identifier: Apache-2.0
#include "guard/model/contacts.hpp"

#include <fmt/format.h>

namespace guard::model {

std::vector<std::pair<std::string_view, std::string>> named(const Contacts& contacts) {
  std::vector<std::pair<std::string_view, std::string>> out{
      {"primary on-call", contacts.primary}, {"secondary on-call", contacts.secondary}, {"lead", contacts.lead}};
  std::erase_if(out, [](const auto& contact) { return contact.second.empty(); });
  return out;
}

std::string contacts_text(const Contacts& contacts) {
  std::string out;
  for (const auto& [role, who] : named(contacts)) out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", role, who);
  return out;
}

}  // namespace guard::model
