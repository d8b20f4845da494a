// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/metric_name.hpp"

#include "guard/base/text.hpp"

namespace guard::promql {

std::string_view metric_name(std::string_view selector) {
  return trim(selector.substr(0, selector.find('{')));
}

}  // namespace guard::promql
