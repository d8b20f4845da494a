// SPDX-License-Identifier: Apache-2.0
//
// What an HTTP hook's answers mean. The rule behind the table: failed needs proof that nothing was done. Pure.
#pragma once

#include "guard/hooks/hook.hpp"
#include "guard/http/client.hpp"

#include <optional>
#include <string>

namespace guard::hooks {

// 2xx = done, unless its body is {"status": "failed"}; 429 = retry, other 3xx and 4xx = failed, 5xx and whatever else =
// unknown. 409 = done where `conflict_is_done` says so, otherwise retry: many deployment APIs are busy with it. Retry
// and unknown come with the Retry-After that was given. 202 with a Location is not for this function: it is polled.
HookResult meaning_of(const http::Response& response, bool conflict_is_done, WallTime now);

// No answer: never connected = not started (nothing was sent), everything else = unknown.
HookResult meaning_of(const Error& error);

// A poll of the Location: nothing while it is still going on (202), otherwise how it ended.
std::optional<HookResult> meaning_of_poll(const http::Response& response);

// The path of `location` below `hook_url`'s origin, or nothing if it leads elsewhere or is no absolute path or URL.
std::optional<std::string> poll_path(const std::string& hook_url, const std::string& location);

}  // namespace guard::hooks
