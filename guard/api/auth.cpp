// SPDX-License-Identifier: Apache-2.0
#include "guard/api/auth.hpp"

#include "guard/api/sign_in.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <boost/beast/core/string.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>

namespace guard::api {
namespace {

constexpr std::size_t longest_shown_user = 60;

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

// A reverse proxy may have changed Host; most browsers say themselves where a request comes from (Fetch Metadata).
bool is_of_another_site(const Request& request) {
  const auto site = request.header("sec-fetch-site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  return !is_same_origin(request);
}

bool is_harmless(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// A name as a proxy sends it, to stand in the timeline.
bool is_name(std::string_view text) {
  constexpr std::size_t longest = 100;
  return text.size() <= longest && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

Result<Visitor> on_behalf(const config::TokenSettings& token, const Request& request, Role needed) {
  const auto& proxy = *token.on_behalf_of;
  if (std::ranges::none_of(proxy.from, [&](const AddressRange& range) { return range.contains(request.peer); }))
    return fail(ErrorCode::forbidden, fmt::format("token \"{}\" is not taken from {}; `from` of its `on_behalf_of` "
                                                  "says where its proxy's requests come from",
                                                  token.name, request.peer));
  // Which of two would be the proxy's, and which the visitor's own?
  const auto person = request.header(proxy.header);
  if (request.repeated.contains(proxy.header))
    return fail(ErrorCode::forbidden, fmt::format("{} came twice: have the proxy \"{}\" remove what its visitors send",
                                                  proxy.header, token.name));
  if (!is_name(person))
    return fail(ErrorCode::forbidden, fmt::format("what the proxy \"{}\" sends as {} is no name: 100 visible ASCII "
                                                  "characters at most, without blank and comma",
                                                  token.name, proxy.header));
  if (!person.empty()) return Visitor{fmt::format("{} ({})", person, token.name), token.role};
  // Nobody knows whose order it would be.
  if (needed != Role::read)
    return fail(ErrorCode::forbidden,
                fmt::format("the proxy \"{}\" does not say who asks: {} is missing", token.name, proxy.header));
  return Visitor{token.name, Role::read};
}

const config::ClientName* certified(const std::vector<config::ClientName>& clients, const Request& request) {
  const auto it = std::ranges::find_if(clients, [&](const config::ClientName& client) {
    return std::ranges::find(request.certified_names, client.name) != request.certified_names.end();
  });
  return it == clients.end() ? nullptr : &*it;
}

Result<Visitor> admit_this_machine(const Request& request) {
  if (!request.from_this_machine)
    return fail(ErrorCode::forbidden, "without tokens the guard answers only to its own machine; configure `tokens`");
  if (!is_loopback_host(request.header("host")))
    return fail(ErrorCode::forbidden,
                "without tokens the guard answers only to loopback names (127.0.0.1, localhost); use one of them, or "
                "configure `tokens`");
  if (!is_same_origin(request))
    return fail(ErrorCode::forbidden, "without tokens the guard does not answer to pages of another origin");
  return Visitor{"anyone on this machine", Role::operate};
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
  for (const auto& token : access_.tokens)
    if (token.token.equals(presented)) found = &token;
  return found;
}

Result<Visitor> Gatekeeper::by_token(const Request& request, std::string_view presented, Role needed) const {
  const auto* token = find(presented);
  if (token == nullptr) return fail(ErrorCode::unauthorized, "this token is not known");
  if (token->on_behalf_of) return on_behalf(*token, request, needed);
  return Visitor{token->name, token->role};
}

Result<Visitor> Gatekeeper::by_password(const Credentials& shown) const {
  switch (access_.passwords->of(shown)) {
    case Passwords::Known::right:
      break;
    case Passwords::Known::wrong:
      return fail(ErrorCode::unauthorized, fmt::format("\"{}\" is no user here, or has another password",
                                                       printable(shorten(shown.user, longest_shown_user))));
    case Passwords::Known::nothing:
      return fail(ErrorCode::unavailable, "too many passwords are being looked at; try again later");
  }
  const auto it = std::ranges::find(access_.users, shown.user, &config::ClientName::name);
  return Visitor{shown.user, it == access_.users.end() ? Role::read : it->role};
}

// A browser may have more than one: of another guard on this host, of a page beside it, of an older token.
Result<Visitor> Gatekeeper::by_cookie(const std::vector<std::string>& values, WallTime now) const {
  for (const auto& value : values) {
    const auto* token = signed_in(access_.tokens, value, now, access_.stay_signed_in);
    if (token != nullptr && !token->on_behalf_of) return Visitor{token->name, token->role, true};
  }
  return fail(ErrorCode::unauthorized, "you are no longer signed in; sign in again");
}

Result<Visitor> Gatekeeper::identify(const Request& request, Role needed, WallTime now) const {
  const auto header = request.header("authorization");
  if (const auto presented = bearer(header)) return by_token(request, *presented, needed);
  const auto shown = has_users() ? basic_credentials(header) : std::nullopt;
  if (shown) return by_password(*shown);
  if (const auto* client = certified(access_.clients, request)) return Visitor{client->name, client->role};
  const auto cookies = sign_ins_of(request.header("cookie"), request.header("host"));
  if (!cookies.empty() && header.empty()) return by_cookie(cookies, now);
  if (!request.certified_names.empty())
    return fail(ErrorCode::unauthorized,
                fmt::format("the certificate is of \"{}\", which `clients` does not name; name "
                            "it there, or show a bearer token",
                            fmt::join(request.certified_names, "\", \"")));
  return fail(ErrorCode::unauthorized,
              has_users()
                  ? "a bearer token, or a user name with its password, is needed (Authorization: Bearer or Basic)"
                  : "a bearer token is needed: Authorization: Bearer <token>");
}

Result<Visitor> Gatekeeper::admit(const Request& request, Role needed, WallTime now) const {
  if (without_tokens()) return admit_this_machine(request);
  auto visitor = identify(request, needed, now);
  if (!visitor) return visitor;
  if (!allows(visitor->role, needed))
    return fail(ErrorCode::forbidden, fmt::format("\"{}\" has role {}, this needs role {}", visitor->name,
                                                  to_string(visitor->role), to_string(needed)));
  const auto header = request.header("authorization");
  const auto presented = bearer(header);
  const auto* own = presented ? find(*presented) : nullptr;
  // All else a browser, or the proxy before it, shows by itself, whatever page has it ask.
  const bool shown_on_purpose = own != nullptr && !own->on_behalf_of;
  if (!shown_on_purpose && !is_harmless(request) && is_of_another_site(request))
    return fail(ErrorCode::forbidden, "orders are not taken from a page of another site");
  return visitor;
}

void Gatekeeper::look_at_password(const Request& request, std::function<void()> then) const {
  const auto shown = has_users() ? basic_credentials(request.header("authorization")) : std::nullopt;
  if (shown)
    access_.passwords->look(*shown, request.peer, std::move(then));
  else
    then();
}

std::map<std::string, std::string> Gatekeeper::challenge(const Request& request) const {
  const bool showed_token = bearer(request.header("authorization")).has_value();
  if (!has_users() || showed_token) return {{"WWW-Authenticate", "Bearer"}};
  if (!request.header("sign-in").empty()) return {{"WWW-Authenticate", "Bearer"}, {"Sign-In", "password"}};
  return {{"WWW-Authenticate", R"(Basic realm="Release Guard", charset="UTF-8")"}};
}

Result<std::string> Gatekeeper::sign_in(const Request& request, const std::string& path, WallTime now) const {
  const auto header = request.header("authorization");
  const auto presented = bearer(header);
  const auto* token = presented ? find(*presented) : nullptr;
  if (access_.stay_signed_in == Duration{0})
    return fail(ErrorCode::forbidden,
                "`web.stay_signed_in` of this guard is 0s: a browser is signed in until its tab is closed");
  if (token == nullptr || token->on_behalf_of)
    return fail(ErrorCode::forbidden, "only who shows a token of their own can stay signed in");
  const bool secure = request.header("origin").starts_with("https://");
  return set_cookie({*token, now + access_.stay_signed_in, path, secure}, request.header("host"), now);
}

bool Gatekeeper::is_guess(const Request& request, WallTime now) const {
  if (!request.header("authorization").empty()) return true;
  return std::ranges::any_of(sign_ins_of(request.header("cookie"), request.header("host")),
                             [&](const std::string& value) { return !is_over(value, now); });
}

bool FailureBudget::take(MonoTime now) {
  saved_ = last_ ? std::min(saved_ + (now - *last_), most_saved) : most_saved;
  last_ = now;
  if (saved_ < failure_costs) return false;
  saved_ -= failure_costs;
  return true;
}

}  // namespace guard::api
