// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share_bounds.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

namespace guard::core {

double least_share(const Events& events, double doubt) {
  const auto total = std::round(events.total);
  const auto bad = std::min(total, std::round(events.bad));
  if (total < 1 || bad < 1) return 0;
  return boost::math::binomial_distribution<>::find_lower_bound_on_p(total, bad, doubt);
}

double hidden_share(const Events& events) {
  const auto total = std::round(events.total);
  const auto bad = std::min(total, std::round(events.bad));
  if (total < 1 || bad >= total) return 1;
  return boost::math::binomial_distribution<>::find_upper_bound_on_p(total, bad, 0.05);
}

}  // namespace guard::core
