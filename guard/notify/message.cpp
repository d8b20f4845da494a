// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/message.hpp"

#include <fmt/format.h>

namespace guard::notify {

std::string name_of(const story::ReleaseView& release) {
  return fmt::format("{} {} in {}", release.spec.service, release.spec.version, release.spec.environment);
}

}  // namespace guard::notify
