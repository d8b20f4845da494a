// SPDX-License-Identifier: Apache-2.0
//
// One test: its release is judged by replay, and what came of it is held against what is expected. Blocks as long as
// the server does; the main thread only.
#pragma once

#include "guard/trial/series_server.hpp"
#include "guard/trial/test.hpp"

#include <vector>

namespace guard::trial {

struct Surroundings {
  StartServer start;
  Wait wait;
};

// The differences, each an error where it stands in the test file; none if all is as expected. Fails where the test
// could not be run: no server, or interrupted.
Result<std::vector<config::Diagnostic>> run(const Test& test, const Surroundings& around);

}  // namespace guard::trial
