// SPDX-License-Identifier: Apache-2.0
//
// What the answer of a receiver means, the same for every kind: taken, to be told again soon, or refused. Pure.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/http/client.hpp"

#include <optional>
#include <string>

namespace guard::receivers {

// Why something was not taken, by the names that Alertmanager's metrics have for it.
enum class FailureReason { client_error, server_error, deadline, other };

struct Failure {
  FailureReason reason = FailureReason::other;
  std::string words;
  bool refused = false;             // the message or the receiver's address is wrong: trying again soon does not help
  bool may_have_arrived = false;    // nobody knows
  std::optional<Duration> after{};  // it asked to be left alone for so long
};

// Nothing: it was taken.
std::optional<Failure> failure_of(const http::Response& response, WallTime now);
Failure failure_of(const Error& error);

}  // namespace guard::receivers

namespace guard {

template <>
struct EnumNames<receivers::FailureReason> {
  using R = receivers::FailureReason;
  static constexpr std::array table{
      EnumName<R>{R::client_error, "clientError"}, EnumName<R>{R::server_error, "serverError"},
      EnumName<R>{R::deadline, "contextDeadlineExceeded"}, EnumName<R>{R::other, "other"}};
};

}  // namespace guard
