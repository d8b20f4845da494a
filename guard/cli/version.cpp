// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/version.hpp"

namespace guard::cli {

std::string_view version() {
  return RELEASE_GUARD_VERSION;
}

}  // namespace guard::cli
