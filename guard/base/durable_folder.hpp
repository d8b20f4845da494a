// SPDX-License-Identifier: Apache-2.0
//
// Folders that are still there after a power cut: a new name is durable only once the folder it stands in is synced.
// Blocking; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <cstdint>
#include <filesystem>

namespace guard {

// Makes `folder` and what is missing above it, durably. Fails with ErrorCode::internal, naming the path and the reason.
Result<void> make_folder(const std::filesystem::path& folder);

// Makes the names in `folder` durable (fsync(2)). Fails with ErrorCode::internal.
Result<void> sync_folder(const std::filesystem::path& folder);

// Whether `bytes` more could be stored in `folder` now: takes them from the disk for a moment, synced, in a file
// without a name. Fails with ErrorCode::internal.
Result<void> find_room(const std::filesystem::path& folder, std::uintmax_t bytes);

}  // namespace guard
