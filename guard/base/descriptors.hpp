// SPDX-License-Identifier: Apache-2.0
//
// How many files and sockets this process may have open at once. Safe from any thread.
#pragma once

#include <cstddef>

namespace guard {

// The limit in force (`ulimit -n`, LimitNOFILE= of systemd); the largest number where there is none.
std::size_t descriptor_limit();

}  // namespace guard
