// SPDX-License-Identifier: Apache-2.0
//
// A test message to the receivers of a configuration, so that people see that it arrives before it matters. Blocking;
// safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/config/settings.hpp"

#include <string>
#include <vector>

namespace guard::serve {

struct TriedReceiver {
  std::string name;
  std::string problem;  // why it did not take the message; empty: it did
};

// Tells each of them, one after the other. Fails with invalid where one cannot be told at all.
Result<std::vector<TriedReceiver>> send_test_messages(const std::vector<config::ReceiverSettings>& receivers,
                                                      const std::string& external_url);

}  // namespace guard::serve
