// SPDX-License-Identifier: Apache-2.0
#include "guard/base/version.hpp"

#include <fmt/format.h>

namespace guard {
namespace {

std::string compiler() {
#ifdef __clang__
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

Build build_of(std::string_view revision, std::string_view date) {
  return {RELEASE_GUARD_VERSION, std::string(revision), std::string(date), compiler()};
}

std::string build_text(const Build& build) {
  auto out = fmt::format("release-guard {}", build.version);
  if (!build.revision.empty()) out += fmt::format("\n  revision {}", build.revision);
  if (!build.date.empty()) out += fmt::format("\n  date     {}", build.date);
  return out + fmt::format("\n  compiler {}", build.compiler);
}

}  // namespace guard
