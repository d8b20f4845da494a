// SPDX-License-Identifier: Apache-2.0
#include "guard/journal/watch_json.hpp"
#include "tests/fuzz/fuzz.hpp"

// What can be read is written as it was read; all else is refused with the place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  if (const auto watch = journal::decode_watch(fuzz::text(data, size))) {
    const auto stored = journal::encode(*watch);
    const auto again = journal::decode_watch(stored);
    fuzz::require(again.has_value() && journal::encode(*again) == stored);
  } else {
    fuzz::require(watch.error().code == ErrorCode::invalid && !watch.error().message.empty());
  }
  if (const auto alert = journal::decode_alert(fuzz::text(data, size))) {
    const auto again = journal::decode_alert(journal::encode(*alert));
    fuzz::require(again.has_value() && *again == *alert);
  }
  return 0;
}
