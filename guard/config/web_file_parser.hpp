// SPDX-License-Identifier: Apache-2.0
//
// The file of --web.config.file, in the format that Prometheus' exporter-toolkit gives all programs around it: TLS,
// headers of responses, users with passwords. Looks whether the files it names can be read; blocking; safe from any
// thread.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/config/source.hpp"

#include <filesystem>

namespace guard::config {

// Puts what the file says into the settings. Reports what is wrong with it: also TLS that the settings have already,
// and what the guard could not honour. No message shows a hash, or what may be a password in its place.
void read_web_file(const Source& source, const std::filesystem::path& base, Settings& settings,
                   Diagnostics& diagnostics);

}  // namespace guard::config
