// SPDX-License-Identifier: Apache-2.0
//
// The one error idiom: functions that can fail return Result<T>. Exceptions are caught at third-party edges and
// become an Error there; main maps an Error to an exit code, the API maps its code to an HTTP status.
// Values: copy and share them freely between threads.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace guard {

enum class ErrorCode {
  invalid,       // the caller's input is wrong; trying again does not help
  unauthorized,  // who asks is not known
  forbidden,     // who asks is known and may not
  not_found,
  conflict,     // against the present state, for example another release with this id
  locked,       // refused for now by a policy, for example a freeze
  too_large,    // over a configured cap
  timeout,      // the total deadline passed; whether the other side acted is not known
  unavailable,  // could not be reached or answers "later"; trying again may help
  broken,       // the other side answered something that cannot be trusted
  internal      // our own store or machine failed
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // says where, what is wrong and what to do; never holds a secret

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace guard
