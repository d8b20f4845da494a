// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/formats.hpp"

#include <algorithm>
#include <array>

namespace guard::receivers {
namespace {

using config::ReceiverKind;

struct Format {
  ReceiverKind kind;
  json::object (*body)(const Message&, const Sender&);
  bool every_end;
};

constexpr std::array formats{
    Format{ReceiverKind::slack, slack_body, false}, Format{ReceiverKind::discord, discord_body, false},
    Format{ReceiverKind::msteams, msteams_body, false}, Format{ReceiverKind::webhook, webhook_body, true}};

const Format& format_of(ReceiverKind kind) {
  return *std::ranges::find(formats, kind, &Format::kind);
}

}  // namespace

std::string body_of(ReceiverKind kind, const Message& message, const Sender& sender) {
  return json::serialize(format_of(kind).body(message, sender));
}

bool tells_every_end(ReceiverKind kind) {
  return format_of(kind).every_end;
}

}  // namespace guard::receivers
