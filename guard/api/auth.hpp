// SPDX-License-Identifier: Apache-2.0
//
// Who may do what: bearer tokens with roles, of a program, of a person, or of a reverse proxy that names its visitors;
// the cookie of who has signed in with one; certificates of clients; users with passwords. read is part of deploy,
// deploy of operate; alerts may only deliver webhooks. What a browser shows by itself orders nothing for a page of
// another site. Without any token everything is allowed to this machine, and only to it: no other peer, no web page
// that a browser here shows (which could reach loopback by DNS rebinding or by a form). Loop thread only.
#pragma once

#include "guard/api/message.hpp"
#include "guard/api/passwords.hpp"
#include "guard/base/time.hpp"
#include "guard/config/settings.hpp"

#include <functional>
#include <map>
#include <memory>
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

// Whom the guard knows, and how.
struct Access {
  std::vector<config::TokenSettings> tokens;
  std::vector<config::ClientName> clients = {};
  Duration stay_signed_in{0};
  std::vector<config::ClientName> users = {};  // the roles of those who show a password; of all others it is read
  std::shared_ptr<Passwords> passwords = {};   // none: nobody has one
};

// Who asks.
struct Visitor {
  std::string name;
  config::Role role = config::Role::read;
  bool signed_in = false;  // by the page's cookie

  bool operator==(const Visitor&) const = default;
};

class Gatekeeper {
 public:
  explicit Gatekeeper(Access access) : access_(std::move(access)) {}

  // Fails with unauthorized (nobody who is known), forbidden (a role that may not, a page of another site, a proxy from
  // elsewhere or that names nobody) or unavailable (a password that has not been looked at).
  Result<Visitor> admit(const Request& request, config::Role needed, WallTime now) const;

  // The Set-Cookie header by which the browser of who shows this token stays signed in to the page below `path`. Fails
  // with forbidden where none is given: to what is known by something else, or by the configuration to nobody.
  Result<std::string> sign_in(const Request& request, const std::string& path, WallTime now) const;

  // Has a password that the request shows looked at, if that was not done, and calls `then`; perhaps before it returns.
  void look_at_password(const Request& request, std::function<void()> then) const;

  // The headers by which a refused visitor is told what to show. The page tells by the header Sign-In that it asks its
  // visitor by itself, where a browser would ask over it, and is told whether there are passwords.
  std::map<std::string, std::string> challenge(const Request& request) const;

  // True if the request shows something that could be a guess at a token.
  bool is_guess(const Request& request, WallTime now) const;

  // Nothing but coming from this machine is asked for.
  bool without_tokens() const { return access_.tokens.empty() && access_.clients.empty() && !has_users(); }

 private:
  bool has_users() const { return access_.passwords && !access_.passwords->none(); }
  const config::TokenSettings* find(std::string_view presented) const;
  Result<Visitor> identify(const Request& request, config::Role needed, WallTime now) const;
  Result<Visitor> by_token(const Request& request, std::string_view presented, config::Role needed) const;
  Result<Visitor> by_password(const Credentials& shown) const;
  Result<Visitor> by_cookie(const std::vector<std::string>& values, WallTime now) const;

  Access access_;
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
