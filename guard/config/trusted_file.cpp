// SPDX-License-Identifier: Apache-2.0
#include "guard/config/trusted_file.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <system_error>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t first_bytes = 256;                   // as many as execve(2) looks at
constexpr std::string_view search_path = "/bin:/usr/bin";  // where env(1) looks without a PATH

bool may(const fs::path& path, fs::perms wanted) {
  std::error_code error;
  const auto status = fs::status(path, error);
  return !error && (status.permissions() & wanted) == wanted;
}

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

// The beginning of the file; nothing where it may be run but not read.
std::optional<std::string> beginning(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(first_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> out;
  for (line = trim(line); !line.empty(); line = trim(line)) {
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    out.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

bool is_found(const std::string& name, std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    if (end > 0 && is_program(fs::path(path.substr(0, end)) / name)) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

// What `#!/usr/bin/env NAME` would run; nothing where its options or assignments decide that.
std::optional<std::string> sought_by_env(const std::vector<std::string>& line) {
  if (line.size() != 2 || fs::path(line[0]).filename() != "env") return std::nullopt;
  const auto& name = line[1];
  if (name.starts_with('-') || name.find_first_of("=/") != std::string::npos) return std::nullopt;
  return name;
}

std::string interpreter_problem(std::string_view first_line, const ProgramPlace& place) {
  const auto line = words(first_line.substr(2));
  if (line.empty()) return "names no interpreter after `#!`; write for example #!/bin/sh";
  const auto interpreter = (place.dir / line[0]).lexically_normal();
  if (!is_program(interpreter))
    return fmt::format("names {} as its interpreter, which {}; install it or correct the line", shorten(line[0], 100),
                       fs::exists(interpreter) ? "is no program" : "does not exist");
  const auto name = sought_by_env(line);
  if (name && !is_found(*name, place.path.value_or(std::string(search_path))))
    return fmt::format("seeks {} by its name, which is not in the hook's PATH; install it or write its full path",
                       shorten(*name, 100));
  return {};
}

std::string first_line_problem(std::string_view text, const ProgramPlace& place) {
  constexpr std::string_view elf =
      "\x7F"
      "ELF";
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(elf)) return {};
  if (text.starts_with(byte_order_mark)) return "begins with a byte order mark; save the file without it";
  if (!text.starts_with("#!"))
    return "does not begin with `#!`, so the system does not know what runs it; write for example #!/bin/sh there";
  const auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r'))
    return "ends in a carriage return, which becomes part of the interpreter's name; save the file with Unix line "
           "ends, for example by `sed -i 's/\\r$//'`";
  return interpreter_problem(line, place);
}

}  // namespace

std::string exposure(const fs::path& file) {
  if (may(file, fs::perms::others_write))
    return fmt::format("{} can be written by everyone on this machine; run `chmod o-w` on it", file.string());
  const auto folder = file.parent_path();
  if (!folder.empty() && may(folder, fs::perms::others_write) && !may(folder, fs::perms::sticky_bit))
    return fmt::format("{} can be replaced by everyone on this machine; run `chmod o-w` on its folder", file.string());
  return {};
}

std::optional<std::string> path_let_through(const std::vector<std::string>& environment) {
  const char* path = std::getenv("PATH");
  const bool let_through = std::ranges::find(environment, "PATH") != environment.end();
  return let_through && path != nullptr ? std::optional<std::string>(path) : std::nullopt;
}

std::string program_problem(const fs::path& program, const ProgramPlace& place) {
  std::error_code error;
  const auto status = fs::status(program, error);
  if (!fs::exists(status)) return fmt::format("{} does not exist", program.string());
  if (!fs::is_regular_file(status)) return fmt::format("{} is not a file", program.string());
  if (::access(program.c_str(), X_OK) != 0)
    return fmt::format("{} is not executable; run `chmod +x` on it", program.string());
  if (auto problem = exposure(program); !problem.empty()) return problem;
  const auto text = beginning(program);
  const auto problem = text ? first_line_problem(*text, place) : std::string();
  return problem.empty() ? problem : fmt::format("the first line of {} {}", program.string(), problem);
}

}  // namespace guard::config
