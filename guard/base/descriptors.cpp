// SPDX-License-Identifier: Apache-2.0
#include "guard/base/descriptors.hpp"

#include <limits>

#include <sys/resource.h>

namespace guard {

std::size_t descriptor_limit() {
  rlimit limit{};
  const bool known = ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return known ? static_cast<std::size_t>(limit.rlim_cur) : std::numeric_limits<std::size_t>::max();
}

}  // namespace guard
