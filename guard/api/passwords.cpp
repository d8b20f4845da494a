// SPDX-License-Identifier: Apache-2.0
#include "guard/api/passwords.hpp"

#include "guard/base/base64.hpp"
#include "guard/base/digest.hpp"

#include <algorithm>
#include <crypt.h>

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::size_t most_wrong = 64;
// Each waits for those before it: some seconds in all.
constexpr std::size_t most_looks = 16;
// One who guesses leaves room for others.
constexpr std::ptrdiff_t most_of_a_peer = 4;

// A hash that nothing fits, and that takes as long as the slowest of these.
std::string slow_hash(const std::vector<config::WebPassword>& users) {
  std::string cost = "10";
  for (const auto& user : users) cost = std::max(cost, user.hash.reveal().substr(4, 2));
  return fmt::format("$2b${}${:.<53}", cost, "");
}

}  // namespace

std::optional<Credentials> basic_credentials(std::string_view authorization) {
  constexpr std::string_view scheme = "basic ";
  if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  const auto text = decode_base64(authorization.substr(scheme.size()));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

bool fits(const std::string& password, const std::string& hash) {
  // crypt would take what stands before it for the whole.
  if (password.find('\0') != std::string::npos) return false;
  const auto room = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(password.c_str(), hash.c_str(), room.get());
  return made != nullptr && Secret(hash).equals(made);
}

// A digest holds the hash: what is remembered of another one fits nobody.
void Passwords::replace(std::vector<config::WebPassword> users) {
  users_ = std::move(users);
  nobodys_hash_ = slow_hash(users_);
  std::erase_if(right_, [this](const auto& known) { return find(known.first) == nullptr; });
}

const config::WebPassword* Passwords::find(const std::string& user) const {
  const auto it = std::ranges::find(users_, user, &config::WebPassword::user);
  return it == users_.end() ? nullptr : &*it;
}

const std::string& Passwords::hash_for(const std::string& user) const {
  const auto* known = find(user);
  return known == nullptr ? nobodys_hash_ : known->hash.reveal();
}

std::string Passwords::digest_of(const Credentials& shown) const {
  return keyed_digest(key_, fmt::format("{}:{}:{}", shown.user, hash_for(shown.user), shown.password));
}

Passwords::Known Passwords::of(const Credentials& shown) const {
  const auto digest = digest_of(shown);
  const auto right = right_.find(shown.user);
  if (right != right_.end() && right->second == digest) return Known::right;
  return std::ranges::find(wrong_, digest) != wrong_.end() ? Known::wrong : Known::nothing;
}

bool Passwords::is_crowded(const std::string& peer) const {
  return looks_.size() >= most_looks ||
         std::ranges::count(looks_, peer, [](const auto& look) { return look.second.peer; }) >= most_of_a_peer;
}

void Passwords::look(const Credentials& shown, const std::string& peer, std::function<void()> then) {
  const auto digest = digest_of(shown);
  if (const auto same = looks_.find(digest); same != looks_.end())
    return same->second.waiting.push_back(std::move(then));
  if (of(shown) != Known::nothing || is_crowded(peer)) return then();
  looks_[digest] = {peer, {std::move(then)}};
  const auto right = std::make_shared<bool>(false);
  aside_([right, password = shown.password, hash = hash_for(shown.user)] { *right = fits(password, hash); },
         [self = shared_from_this(), shown, digest, right] { self->looked(shown, digest, *right); });
}

void Passwords::looked(const Credentials& shown, const std::string& digest, bool right) {
  if (right && find(shown.user) != nullptr) {
    right_[shown.user] = digest;
  } else {
    wrong_.push_back(digest);
    if (wrong_.size() > most_wrong) wrong_.pop_front();
  }
  const auto done = looks_.extract(digest);
  for (const auto& then : done.mapped().waiting) then();
}

}  // namespace guard::api
