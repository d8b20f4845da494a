// SPDX-License-Identifier: Apache-2.0
//
// Standard Webhooks signatures (standard-webhooks spec, "Signature scheme"). Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/secret.hpp"

#include <string>
#include <string_view>

namespace guard::hooks {

// The key bytes of a secret: what follows "whsec_" decoded from base64, or the text itself. Fails with invalid if the
// base64 is broken or the key is shorter than 24 bytes.
Result<Secret> signing_key(const Secret& secret);

struct SignedParts {
  std::string_view id;
  std::string_view timestamp;  // unix seconds
  std::string_view body;
};

// "v1,<base64 of HMAC-SHA256(key, id.timestamp.body)>"
std::string sign(const Secret& key, const SignedParts& parts);

}  // namespace guard::hooks
