// SPDX-License-Identifier: Apache-2.0
//
// The settings and the rules from the same text: whichever it is, the other must refuse it in words.
#include "guard/config/load.hpp"
#include "guard/config/settings_parser.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void require_shown(const guard::config::Diagnostics& diagnostics) {
  for (const auto& item : diagnostics.items) {
    guard::fuzz::require(!item.message.empty() && guard::is_utf8(format(item)));
    guard::fuzz::require((item.line == 0) == (item.column == 0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const std::string text(fuzz::text(data, size));
  const auto rules = config::parse_rules(text, "rules.yml");
  require_shown(rules.diagnostics);
  fuzz::require(rules.value.has_value() != rules.diagnostics.has_errors());
  config::Diagnostics diagnostics;
  // A folder that does not exist, so that no file the text may name is read.
  config::parse_settings(config::Source("guard.yml", text), "/nonexistent/folder", diagnostics);
  require_shown(diagnostics);
  return 0;
}
