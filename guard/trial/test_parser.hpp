// SPDX-License-Identifier: Apache-2.0
//
// A test file with the rule files it names, checked as a whole. Reads files; blocking; safe from any thread.
#pragma once

#include "guard/config/load.hpp"
#include "guard/trial/test.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace guard::trial {

// The tests of `file`, with the errors of the file and of its rule files; these are found from its folder.
config::Loaded<std::vector<Test>> load_tests(const std::filesystem::path& file);

// The same from memory.
config::Loaded<std::vector<Test>> parse_tests(const std::string& text, const std::filesystem::path& file);

}  // namespace guard::trial
