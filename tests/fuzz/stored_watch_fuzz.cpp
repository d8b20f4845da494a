// SPDX-License-Identifier: Apache-2.0
#include "guard/store/group_json.hpp"
#include "guard/store/watch_json.hpp"
#include "tests/fuzz/fuzz.hpp"

// What can be read is written as it was read; all else is refused with the place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  model::RuleGroup started_with;
  started_with.rules.resize(1);
  const auto group = std::make_shared<const model::RuleGroup>(started_with);
  if (const auto watch = store::decode_watch(fuzz::text(data, size), group)) {
    const auto stored = store::encode(*watch);
    const auto again = store::decode_watch(stored, group);
    fuzz::require(again.has_value() && store::encode(*again) == stored);
  } else {
    fuzz::require(watch.error().code == ErrorCode::invalid && !watch.error().message.empty());
  }
  if (const auto read = store::decode_group(fuzz::text(data, size))) {
    const auto stored = store::encode(*read);
    const auto again = store::decode_group(stored);
    fuzz::require(again.has_value() && store::encode(*again) == stored);
  }
  if (const auto alert = store::decode_alert(fuzz::text(data, size))) {
    const auto again = store::decode_alert(store::encode(*alert));
    fuzz::require(again.has_value() && *again == *alert);
  }
  return 0;
}
