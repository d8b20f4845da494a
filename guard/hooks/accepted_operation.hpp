// SPDX-License-Identifier: Apache-2.0
//
// Where an HTTP hook said (202 with a Location) that its operation can be asked for, kept beside the attempts of
// command hooks so that a guard that is started meanwhile asks on. Blocking; one owner per attempt.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace guard::hooks {

struct AcceptedOperation {
  std::string path;  // on the hook's own origin
  WallTime until{};  // when the hook's time is over

  // Durable when it returns. Fails with internal.
  Result<void> store(const std::filesystem::path& attempt) const;
  // Nothing if none was stored, or if it cannot be read.
  static std::optional<AcceptedOperation> load(const std::filesystem::path& attempt);
};

}  // namespace guard::hooks
