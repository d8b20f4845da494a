// SPDX-License-Identifier: Apache-2.0
//
// The bodies that receivers take: one function for each kind, in one table. Each stays within the limits of its
// service, and nothing in a text can mention anybody or lead anywhere. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/config/settings.hpp"
#include "guard/receivers/message.hpp"

#include <string>

namespace guard::receivers {

// What a body says of who sends it.
struct Sender {
  std::string receiver;      // the name of the receiver in the configuration
  std::string external_url;  // where people reach the guard; empty: not said
};

// JSON, as an HTTP POST carries it.
std::string body_of(config::ReceiverKind kind, const Message& message, const Sender& sender);

// True if every end is told: a program keeps a list of what fires. People are told of those ends that mean something.
bool tells_every_end(config::ReceiverKind kind);

json::object slack_body(const Message& message, const Sender& sender);
json::object discord_body(const Message& message, const Sender& sender);
json::object msteams_body(const Message& message, const Sender& sender);
json::object webhook_body(const Message& message, const Sender& sender);

}  // namespace guard::receivers
