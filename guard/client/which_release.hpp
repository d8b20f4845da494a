// SPDX-License-Identifier: Apache-2.0
//
// Which release a person means: by its id, by the beginning of its id, or by where it runs. What a pipeline says
// (`live`, `signal`, a wait) is of a whole id alone: its release may be unknown because it was refused, and another one
// with a longer number must not hear its verdict or end its wait. Blocking; main thread.
#pragma once

#include "guard/client/guard_api.hpp"

#include <functional>
#include <string>

namespace guard::client {

struct WhichRelease {
  std::string id;  // or its beginning; empty: the release of `service` and `environment` that has not ended
  std::string service;
  std::string environment;
};

// Calls with the id; where the guard does not know it, with the one id that begins like it, given four characters of it
// at least. Fails as the call does, and with conflict where several releases may be meant, naming them: an order must
// not reach another one than was meant.
Result<std::string> for_release(const GuardApi& api, const WhichRelease& which,
                                const std::function<Result<std::string>(const std::string& id)>& call);

// The id of what runs at `service` and `environment`; where nothing is watched there any more, of the newest that was.
Result<std::string> id_of_place(const GuardApi& api, const WhichRelease& which);

}  // namespace guard::client
