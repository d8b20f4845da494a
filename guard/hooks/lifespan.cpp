// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/lifespan.hpp"

#include "guard/base/file.hpp"

#include <unistd.h>

namespace guard::hooks {
namespace {

constexpr std::size_t fields_before_start = 19;  // between the name and starttime, proc(5)

// When this process began, in ticks since the boot, or nothing.
std::string own_start() {
  const auto text = read_file("/proc/self/stat");
  const auto after_name = text ? text->rfind(") ") : std::string::npos;
  if (after_name == std::string::npos) return "";
  auto rest = std::string_view(*text).substr(after_name + 2);
  for (std::size_t field = 0; field < fields_before_start; ++field) {
    const auto end = rest.find(' ');
    if (end == std::string_view::npos) return "";
    rest.remove_prefix(end + 1);
  }
  return std::string(rest.substr(0, rest.find(' ')));
}

}  // namespace

Lifespan lifespan_here(const std::string& boot_id) {
  Lifespan here;
  here.boot = boot_id;
  if (::getpid() == 1) here.first_process = own_start();
  return here;
}

bool is_over(const Lifespan& then, const Lifespan& now) {
  if (!then.boot.empty() && !now.boot.empty() && then.boot != now.boot) return true;
  return !then.first_process.empty() && then.first_process != now.first_process;
}

}  // namespace guard::hooks
