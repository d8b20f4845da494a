// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_client.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const auto firing = alerts::decode_alerts(200, fuzz::text(data, size));
  if (!firing) fuzz::require(!firing.error().message.empty() && is_utf8(firing.error().message));
  const auto since = alerts::decode_up_since(200, fuzz::text(data, size));
  if (!since) fuzz::require(!since.error().message.empty() && is_utf8(since.error().message));
  return 0;
}
