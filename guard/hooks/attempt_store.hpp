// SPDX-License-Identifier: Apache-2.0
//
// Where command hooks keep their attempts: one folder per decision, one below it per attempt (attempt_folder.hpp); and
// their end, once the release is forgotten. Blocking; safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace guard::hooks {

// Removes the attempts of every decision whose name is not among `kept`, that were last written before `before` and
// that no supervisor holds. Returns how many decisions were removed; fails with internal if one could not be.
Result<std::size_t> remove_old_attempts(const std::filesystem::path& state, const std::set<std::string>& kept,
                                        WallTime before);

}  // namespace guard::hooks
