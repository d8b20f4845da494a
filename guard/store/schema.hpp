// SPDX-License-Identifier: Apache-2.0
//
// The journal's tables and how its file is opened: settings for durability, checks before anything is believed.
#pragma once

#include "guard/store/sqlite.hpp"

#include <filesystem>

namespace guard::store {

// Opens the journal's file, or makes a new one where there is none. Fails with ErrorCode::internal, saying what to do,
// if the file is damaged, is something else, or was written by a newer version. It never begins anew in place of a
// file that cannot be read.
Result<Database> open_database(const std::filesystem::path& file);

}  // namespace guard::store
