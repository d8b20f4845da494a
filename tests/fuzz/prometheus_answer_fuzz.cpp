// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/answer_decoder.hpp"
#include "tests/fuzz/fuzz.hpp"

// The first byte chooses the status and whether partial answers are accepted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  constexpr int statuses[] = {200, 400, 422, 503};
  if (size == 0) return 0;
  const auto samples =
      metrics::decode_answer({statuses[data[0] % 4], fuzz::text(data + 1, size - 1), (data[0] & 4U) != 0});
  if (samples)
    fuzz::require(data[0] % 4 == 0);  // an error status is never values
  else
    fuzz::require_message(samples.error().message);
  return 0;
}
