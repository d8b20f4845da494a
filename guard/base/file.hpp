// SPDX-License-Identifier: Apache-2.0
//
// Whole files in and out. Blocking, but a pipe into which nothing is written is given up after a second; safe from any
// thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/secret.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace guard {

// The whole file, at most `max_bytes`. Fails with not_found, too_large, unavailable or internal, naming the path and
// the reason.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{16} << 20U);

// A secret from its file, without the white space around it. Fails as read_file, and with invalid if it is empty.
Result<Secret> read_secret(const std::filesystem::path& path);

// Writes durably: a temporary file, fsync, rename, fsync of the folder. After a crash the old or the new text is there.
// For what is the guard's own: nobody else may read it.
Result<void> write_file_durably(const std::filesystem::path& path, std::string_view text);

// The same for a file that people keep: its mode, its owner where that can be given, and a link to it stay. A new one
// is readable by all.
Result<void> rewrite_file_durably(const std::filesystem::path& path, std::string_view text);

}  // namespace guard
