// SPDX-License-Identifier: Apache-2.0
//
// Who may do what: bearer tokens with roles. read is part of deploy, deploy of operate; alerts may only deliver
// webhooks. Without any token everything is allowed to this machine, and only to it: no other peer, no web page that
// a browser here shows (which could reach loopback by DNS rebinding or by a form). Loop thread only.
#pragma once

#include "guard/api/message.hpp"
#include "guard/base/time.hpp"
#include "guard/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

// True if a token of role `held` may do what needs role `needed`.
bool allows(config::Role held, config::Role needed);

// True for "localhost", an address in 127.0.0.0/8 and ::1 as a Host header writes them, with or without port. A name
// that only begins like one (127.example.com) is not.
bool is_loopback_host(std::string_view host);

class Gatekeeper {
 public:
  explicit Gatekeeper(std::vector<config::TokenSettings> tokens) : tokens_(std::move(tokens)) {}

  // The actor's name. Fails with unauthorized (no or unknown token) or forbidden (a role that may not).
  Result<std::string> admit(const Request& request, config::Role needed) const;
  // What someone who was admitted may do; without tokens everything.
  config::Role role_of(const Request& request) const;
  // Nothing but coming from this machine is asked for.
  bool without_tokens() const { return tokens_.empty(); }

 private:
  const config::TokenSettings* find(std::string_view presented) const;

  std::vector<config::TokenSettings> tokens_;
};

// A token bucket for failed authentications: 20 at once, then one every half second.
class FailureBudget {
 public:
  // True if one more failure is within the budget.
  bool take(MonoTime now);

 private:
  std::optional<MonoTime> last_;
  Duration saved_{0};
};

}  // namespace guard::api
