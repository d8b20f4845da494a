// SPDX-License-Identifier: Apache-2.0
//
// Any body of an announcement, an order or a signal: what is accepted can be shown, logged and made a path of, and
// what is refused is refused with text.
#include "guard/api/release_requests.hpp"
#include "guard/base/text.hpp"
#include "guard/story/json.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guard;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_clean(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

template <class T>
void require_text(const Result<T>& result) {
  if (!result) require(result.error().code == ErrorCode::invalid && is_clean(result.error().message));
}

void check_announcement(const api::Request& request, Random& random) {
  const auto announcement = api::parse_announcement(request, random);
  require_text(announcement);
  if (!announcement) return;
  const auto* spec = &announcement->spec;
  for (const auto& text : {spec->service, spec->environment, spec->version}) require(!text.empty() && is_clean(text));
  require(is_clean(spec->previous_version));
  require(spec->id.find_first_of("/?#% ") == std::string::npos && spec->id != ".." && is_clean(spec->id));
  story::ReleaseView view;
  view.spec = *spec;
  require(parse_json(api::json_response(200, story::to_json(view)).body).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static SystemRandom random;
  api::Request request;
  request.body.assign(reinterpret_cast<const char*>(data), size);
  request.parameters = {"r1"};
  check_announcement(request, random);
  require_text(api::parse_order(request, model::Verb::live));
  require_text(api::parse_order(request, model::Verb::rollback));
  require_text(api::parse_signal(request, WallTime{}));
  // The key becomes a part of the path too.
  request.headers["idempotency-key"] = request.body;
  request.body = R"({"service":"s","environment":"e","version":"v","previous_version":""})";
  check_announcement(request, random);
  return 0;
}
