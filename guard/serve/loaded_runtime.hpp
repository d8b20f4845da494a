// SPDX-License-Identifier: Apache-2.0
//
// The configuration files as a running guard takes them, at its start and at a reload: read, joined with the world, and
// tried out on the Prometheus it names. Blocking; any thread.
#pragma once

#include "guard/base/log.hpp"
#include "guard/serve/live_runtime.hpp"

#include <filesystem>

namespace guard::serve {

struct ConfigFiles {
  std::filesystem::path settings;
  std::filesystem::path web;  // of --web.config.file; empty: none
};

// At the start. What answers in Prometheus' place may be a proxy that knows it only in a minute, and no guard would be
// worse than one that says that it cannot measure: it is told to the log. Fails with invalid, listing all that is
// wrong.
Result<engine::RuntimePtr> first_runtime(const ConfigFiles& files, const RuntimeContext& context, const Log& log);

// At a reload, which keeps what is in force rather than take a server that is no Prometheus. Fails as first_runtime.
Result<engine::RuntimePtr> next_runtime(const ConfigFiles& files, const RuntimeContext& context, const Log& log);

}  // namespace guard::serve
