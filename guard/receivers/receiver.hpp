// SPDX-License-Identifier: Apache-2.0
//
// The seam to one receiver: a channel of a chat, or a program. Implementations block, and are safe from any thread.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/config/settings.hpp"
#include "guard/receivers/answer.hpp"
#include "guard/receivers/message.hpp"

#include <memory>
#include <optional>
#include <string>

namespace guard::receivers {

class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual const config::ReceiverSettings& settings() const = 0;
  // Nothing: it was taken. The words of a failure never hold the address, which is a secret. Never throws.
  virtual std::optional<Failure> deliver(const Message& message) = 0;
};

using ReceiverPtr = std::shared_ptr<Receiver>;

// Opens nothing yet but key and certificate files. `external_url` is where people reach the guard. Fails with invalid.
Result<ReceiverPtr> make_receiver(const config::ReceiverSettings& settings, const std::string& external_url,
                                  const Clock& clock);

}  // namespace guard::receivers
