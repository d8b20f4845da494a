// SPDX-License-Identifier: Apache-2.0
#include "guard/base/version.hpp"

namespace guard {

std::string_view version() {
  return RELEASE_GUARD_VERSION;
}

}  // namespace guard
