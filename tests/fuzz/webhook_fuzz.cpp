// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/received_alerts.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const auto read = alerts::parse_notification(fuzz::text(data, size));
  if (!read) {
    fuzz::require(read.error().code == ErrorCode::invalid && is_utf8(read.error().message));
    return 0;
  }
  alerts::ReceivedAlerts received;
  received.apply(*read, WallTime{});
  fuzz::require(received.apply(*read, WallTime{}).news.empty());  // a repetition is no news
  fuzz::require(received.firing().size() <= read->alerts.size());
  return 0;
}
