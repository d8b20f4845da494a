// SPDX-License-Identifier: Apache-2.0
//
// Whatever is imported, the rule file that comes of it is one that the guard reads.
#include "guard/config/load.hpp"
#include "guard/importing/import.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const std::vector sources{config::Source("given.yml", std::string(fuzz::text(data, size)))};
  const auto imported = importing::import(sources, std::nullopt);
  fuzz::require((imported.rules == 0) == imported.text.empty());
  for (const auto& item : imported.left.items) fuzz::require(!item.message.empty() && is_utf8(format(item)));
  if (!imported.text.empty()) fuzz::require(config::parse_rules(imported.text, "out.yml").value.has_value());
  return 0;
}
