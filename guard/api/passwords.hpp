// SPDX-License-Identifier: Apache-2.0
//
// Users with passwords, as HTTP's basic authentication shows them (RFC 7617). To look at a password takes a processor
// for a tenth of a second (bcrypt), so it is done aside, one after the other, and what came of it is remembered by a
// keyed digest: each user's right one, and the last wrong ones of all. Loop thread only.
#pragma once

#include "guard/base/secret.hpp"
#include "guard/config/settings.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

struct Credentials {
  std::string user;
  std::string password;
};

// What "Basic …" shows; nothing where the header is another, or not well-formed.
std::optional<Credentials> basic_credentials(std::string_view authorization);

// Whether the password fits the bcrypt hash. Takes its time; safe from any thread.
bool fits(const std::string& password, const std::string& hash);

class Passwords : public std::enable_shared_from_this<Passwords> {
 public:
  // Runs `work` where it holds up nobody, then `then` on the loop thread; one work after the other.
  using Aside = std::function<void(std::function<void()> work, std::function<void()> then)>;

  Passwords(Secret key, Aside aside) : key_(std::move(key)), aside_(std::move(aside)) {}

  // Other users from here on; nobody whose hash is the same has to be looked at again.
  void replace(std::vector<config::WebPassword> users);

  bool none() const { return users_.empty(); }

  // What is known of them without looking.
  enum class Known { right, wrong, nothing };
  Known of(const Credentials& shown) const;

  // Calls `then` when more is known; at once where something is, or where so many others are looked at, or so many of
  // this peer's, that nothing can be known soon.
  void look(const Credentials& shown, const std::string& peer, std::function<void()> then);

 private:
  struct Verification {
    std::string peer;
    std::vector<std::function<void()>> waiting;
  };

  bool is_crowded(const std::string& peer) const;
  const config::WebPassword* find(const std::string& user) const;
  const std::string& hash_for(const std::string& user) const;
  std::string digest_of(const Credentials& shown) const;
  void looked(const Credentials& shown, const std::string& digest, bool right);

  std::vector<config::WebPassword> users_;
  std::string nobodys_hash_;  // for who is no user: to look at theirs takes as long
  Secret key_;
  Aside aside_;
  std::map<std::string, std::string> right_;  // the digest, by user
  std::deque<std::string> wrong_;
  std::map<std::string, Verification> looks_;  // under way, by digest
};

}  // namespace guard::api
