// SPDX-License-Identifier: Apache-2.0
//
// What no process that is started here can outlive, whatever it does: this boot of the machine, and this process itself
// where it is the first of its PID namespace, as in a container. Pure, but for lifespan_here.
#pragma once

#include <string>

namespace guard::hooks {

// Empty: not known, or nothing.
struct Lifespan {
  std::string boot;
  std::string first_process;
};

Lifespan lifespan_here(const std::string& boot_id);

// True only if everything that was started in `then` has certainly ended, for one who is `now` and took the place of
// who was `then`.
bool is_over(const Lifespan& then, const Lifespan& now);

}  // namespace guard::hooks
