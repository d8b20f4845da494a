// SPDX-License-Identifier: Apache-2.0
//
// Posts a rollback to a deployment API: a JSON body, signed as Standard Webhooks where a secret is given, with
// `Idempotency-Key` and `webhook-id` equal for every attempt of one decision and the attempt in
// `Release-Guard-Attempt`. Answers: http_answer.hpp; 202 with a Location on the same origin is polled until it ends or
// the hook's time is over, also by the guard that is started after this one has died.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/config/settings.hpp"
#include "guard/hooks/hook.hpp"

#include <filesystem>
#include <functional>

namespace guard::hooks {

// Lets time pass between two polls; tests step their clock.
using Wait = std::function<void(Duration)>;

struct HttpHookContext {
  const Clock& clock;
  Wait wait;
  std::filesystem::path state;  // where the Location of an accepted operation is kept until it has ended
};

// Fails with invalid if the URL, the TLS files or the secret cannot be used.
Result<HookPtr> make_http_hook(const config::HookSettings& settings, const config::HttpHook& http,
                               HttpHookContext context);

// The body of a call. Pure.
std::string http_body(const HookCall& call);

}  // namespace guard::hooks
