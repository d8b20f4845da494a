// SPDX-License-Identifier: Apache-2.0
#include "guard/config/receiver_parser.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/hook_parser.hpp"
#include "guard/config/http_parser.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/trusted_file.hpp"
#include "guard/http/url.hpp"

#include <fmt/format.h>

namespace guard::config {
namespace {

// What the file under `url_file` holds, as far as it is an address; no message says what it is.
std::string read_secret_url(const ObjectReader& object, const std::filesystem::path& base) {
  const auto path = read_path(object, "url_file", base);
  if (!path) return {};
  const auto error = [&](const std::string& message) { object.error("url_file", "`url_file`: " + message); };
  if (const auto problem = exposure(*path); !problem.empty()) error(problem);
  const auto secret = read_secret(*path);
  if (!secret) {
    error(secret.error().message);
  } else if (!http::parse_url(secret->reveal())) {
    error(fmt::format("{} does not hold an http or https URL, whole and by itself", path->string()));
  } else {
    return secret->reveal();
  }
  return {};
}

}  // namespace

ReceiverSettings parse_receiver(const Report& report, const Node& node, const std::filesystem::path& base) {
  ReceiverSettings receiver;
  const ObjectReader object(report, node, objects::receiver);
  if (node.kind != NodeKind::map) return receiver;
  receiver.name = object.text_or_default("name");
  if (!is_hook_name(receiver.name))
    object.error("name", fmt::format("a receiver's name is made of letters, digits, _ - and ., not \"{}\"",
                                     shorten(receiver.name, 80)));
  receiver.kind = object.choice<ReceiverKind>("kind").value_or(ReceiverKind::webhook);
  receiver.http = read_http(object, base);
  receiver.http.url = read_secret_url(object, base);
  receiver.http.url_is_secret = true;
  receiver.match = read_matchers(object, "match");
  receiver.send_resolved = object.boolean_or_default("send_resolved");
  receiver.repeat_interval = object.positive_duration_or_default("repeat_interval");
  receiver.timeout = object.positive_duration_or_default("timeout");
  return receiver;
}

}  // namespace guard::config
