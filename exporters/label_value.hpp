// SPDX-License-Identifier: Apache-2.0
//
// Text from outside as the value of a label. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace guard::exporters {

// `text` as valid UTF-8 of one line and at most 200 bytes: whatever a pipeline announces, the page of metrics stays
// readable for Prometheus. Two long values may become equal.
std::string label_value(std::string_view text);

}  // namespace guard::exporters
