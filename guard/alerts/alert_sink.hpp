// SPDX-License-Identifier: Apache-2.0
//
// The seam to one Alertmanager that is told of the guard's own alerts. Implementations block, and are safe from any
// thread.
#pragma once

#include "guard/base/error.hpp"

#include <memory>
#include <string>

namespace guard::alerts {

class AlertSink {
 public:
  virtual ~AlertSink() = default;
  // Its address, as logs show it.
  virtual const std::string& name() const = 0;
  // Hands over the body of POST /api/v2/alerts. Fails, in words, unless Alertmanager took it. Never throws.
  virtual Result<void> post(const std::string& body) = 0;
};

using AlertSinkPtr = std::shared_ptr<AlertSink>;

}  // namespace guard::alerts
