// SPDX-License-Identifier: Apache-2.0
//
// The journal in one SQLite file, <folder>/journal.db. One guard per folder: a second one is refused while the first
// lives. Each call comes from one thread at a time; the handle must not cross a fork.
#pragma once

#include "guard/store/store.hpp"

#include <filesystem>
#include <memory>

namespace guard::store {

// Makes the folder and the journal if they are absent. Fails with ErrorCode::conflict if another guard uses the folder,
// with ErrorCode::internal if it cannot be written or the journal is damaged, foreign or from a newer version; the
// message says what to do.
//
// A commit that fails for want of room changed nothing and may be tried again: there may be room later. After an error
// of the disk, or a damaged page, every further commit fails and the guard must be restarted: only opening the file
// anew shows what is in it, also whether the failed commit took place (PostgreSQL panics for the same reason). The same
// holds once the path of the journal or of its lock leads to another file, or to none: nothing is written from then on.
Result<std::unique_ptr<Store>> open_journal(const std::filesystem::path& folder);

}  // namespace guard::store
