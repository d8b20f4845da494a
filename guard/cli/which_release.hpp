// SPDX-License-Identifier: Apache-2.0
//
// Which release a command is about: by its id, by the beginning of its id, or by where it runs. Blocking; main thread.
#pragma once

#include "guard/cli/guard_api.hpp"

#include <functional>
#include <string>

namespace guard::cli {

struct WhichRelease {
  std::string id;  // or its beginning; empty: the release of `service` and `environment` that has not ended
  std::string service;
  std::string environment;
};

// Adds ID, --service and --environment. `which` must outlive the parsing.
void add_which_release(CLI::App& command, WhichRelease& which);

// Calls with the id; where the guard does not know it, with the one id that begins like it. Fails as the call does, and
// with conflict where several releases are meant, naming them: an order must not reach another one than was meant.
Result<std::string> for_release(const GuardApi& api, const WhichRelease& which,
                                const std::function<Result<std::string>(const std::string& id)>& call);

// The id of the one release that begins like this; `unknown` where none does.
Result<std::string> whole_id(const GuardApi& api, const std::string& beginning, const Error& unknown);

// The id of what runs at `service` and `environment`; where nothing is watched there any more, of the newest that was.
Result<std::string> id_of_place(const GuardApi& api, const WhichRelease& which);

}  // namespace guard::cli
