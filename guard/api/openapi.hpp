// SPDX-License-Identifier: Apache-2.0
//
// openapi.yaml, as it was when the program was compiled. A constant; safe from any thread.
#pragma once

#include <string_view>

namespace guard::api {

std::string_view openapi();

}  // namespace guard::api
