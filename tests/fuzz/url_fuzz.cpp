// SPDX-License-Identifier: Apache-2.0
#include "guard/http/url.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guard;
  const auto url = http::parse_url(fuzz::text(data, size));
  if (!url) return 0;
  fuzz::require(!url->host.empty() && url->port > 0 && url->port < 65536);
  fuzz::require(url->path.empty() || url->path.starts_with('/'));
  const auto again = http::parse_url(url->origin() + url->path);
  fuzz::require(again && again->origin() == url->origin() && again->path == url->path);
  return 0;
}
