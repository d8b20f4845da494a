// SPDX-License-Identifier: Apache-2.0
#include "guard/api/auth.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <boost/beast/core/string.hpp>
#include <fmt/format.h>
#include <netinet/in.h>

namespace guard::api {
namespace {

using config::Role;

constexpr Duration failure_costs = std::chrono::milliseconds(500);
constexpr Duration most_saved = 20 * failure_costs;

// The credentials of "Bearer …"; the scheme's case does not matter (RFC 9110, 11.1).
std::optional<std::string_view> bearer(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size() || !boost::beast::iequals(header.substr(0, scheme.size()), scheme))
    return std::nullopt;
  return header.substr(scheme.size());
}

// The host of "host", "host:port" and "[address]:port"; empty where brackets are broken.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  const auto colon = host.find(':');
  return colon == host.rfind(':') ? host.substr(0, colon) : host;
}

// Cross-site forms carry no Host of their own to tell them by; browsers name the page's origin in Origin.
bool is_same_origin(const Request& request) {
  const auto origin = request.header("origin");
  const auto host = request.header("host");
  return origin.empty() || origin == "http://" + host || origin == "https://" + host;
}

Result<std::string> admit_this_machine(const Request& request) {
  if (!request.from_this_machine)
    return fail(ErrorCode::forbidden, "without tokens the guard answers only to its own machine; configure `tokens`");
  if (!is_loopback_host(request.header("host")))
    return fail(ErrorCode::forbidden,
                "without tokens the guard answers only to loopback names (127.0.0.1, localhost); use one of them, or "
                "configure `tokens`");
  if (!is_same_origin(request))
    return fail(ErrorCode::forbidden, "without tokens the guard does not answer to pages of another origin");
  return "anyone on this machine";
}

}  // namespace

bool allows(Role held, Role needed) {
  switch (held) {
    case Role::operate:
      return needed != Role::alerts;
    case Role::deploy:
      return needed == Role::deploy || needed == Role::read;
    case Role::read:
      return needed == Role::read;
    case Role::alerts:
      return needed == Role::alerts;
  }
  return false;
}

bool is_loopback_host(std::string_view host) {
  const std::string name(without_port(host));
  if (boost::beast::iequals(name, "localhost")) return true;
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && v6.s6_addr[15] == 1 &&
         std::all_of(v6.s6_addr, v6.s6_addr + 15, [](unsigned char byte) { return byte == 0; });
}

const config::TokenSettings* Gatekeeper::find(std::string_view presented) const {
  const config::TokenSettings* found = nullptr;
  // Every token is compared, so that the time taken does not tell which one fitted.
  for (const auto& token : tokens_)
    if (token.token.equals(presented)) found = &token;
  return found;
}

Result<std::string> Gatekeeper::admit(const Request& request, Role needed) const {
  if (without_tokens()) return admit_this_machine(request);
  const auto header = request.header("authorization");
  const auto presented = bearer(header);
  if (!presented) return fail(ErrorCode::unauthorized, "a bearer token is needed: Authorization: Bearer <token>");
  const auto* token = find(*presented);
  if (token == nullptr) return fail(ErrorCode::unauthorized, "this token is not known");
  if (!allows(token->role, needed))
    return fail(ErrorCode::forbidden, fmt::format("token \"{}\" has role {}, this needs role {}", token->name,
                                                  to_string(token->role), to_string(needed)));
  return token->name;
}

Role Gatekeeper::role_of(const Request& request) const {
  if (without_tokens()) return Role::operate;
  const auto header = request.header("authorization");
  const auto presented = bearer(header);
  const auto* token = presented ? find(*presented) : nullptr;
  return token == nullptr ? Role::read : token->role;
}

bool FailureBudget::take(MonoTime now) {
  saved_ = last_ ? std::min(saved_ + (now - *last_), most_saved) : most_saved;
  last_ = now;
  if (saved_ < failure_costs) return false;
  saved_ -= failure_costs;
  return true;
}

}  // namespace guard::api
