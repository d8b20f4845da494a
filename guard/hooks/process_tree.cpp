// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/process_tree.hpp"

#include "guard/base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>

#include <sys/syscall.h>
#include <sys/wait.h>

namespace guard::hooks {
namespace {

std::optional<pid_t> number(std::string_view text) {
  pid_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

// The parent in "pid (name) state ppid …"; the name may hold anything, so the last ')' counts.
std::optional<pid_t> parent_of(const std::filesystem::path& stat) {
  const auto text = read_file(stat);
  if (!text) return std::nullopt;
  const auto after_name = text->rfind(") ");
  if (after_name == std::string::npos) return std::nullopt;
  const auto rest = std::string_view(*text).substr(after_name + 4);
  return number(rest.substr(0, rest.find(' ')));
}

void for_each_process(const std::function<void(pid_t, const std::filesystem::path&)>& visit) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored))
    if (const auto pid = number(entry.path().filename().string())) visit(*pid, entry.path());
}

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> children;
  for_each_process([&](pid_t pid, const std::filesystem::path& folder) {
    if (const auto parent = parent_of(folder / "stat")) children.emplace(*parent, pid);
  });
  return children;
}

// `text` as /proc/PID/environ has it: each variable ended by a zero byte.
bool holds_all(const std::string& text, const std::vector<std::string>& variables) {
  const auto all = '\0' + text;
  return std::all_of(variables.begin(), variables.end(),
                     [&](const auto& pair) { return all.find('\0' + pair + '\0') != std::string::npos; });
}

}  // namespace

std::vector<pid_t> descendants() {
  const auto children = children_by_parent();
  std::vector<pid_t> found{::getpid()};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [begin, end] = children.equal_range(found[i]);
    for (auto it = begin; it != end; ++it) found.push_back(it->second);
  }
  found.erase(found.begin());
  return found;
}

void signal_descendants(int signal) {
  for (const auto pid : descendants()) ::kill(pid, signal);
}

void end_descendants(const Clock& clock, Duration grace, const std::function<void()>& pass) {
  signal_descendants(SIGTERM);
  const auto grace_end = clock.now().mono + grace;
  while (!reap_children() && clock.now().mono < grace_end) pass();
  // What is born while the list is read is met by the next round.
  while (!reap_children()) {
    signal_descendants(SIGKILL);
    pass();
  }
}

std::size_t kill_processes_of(const std::vector<std::string>& variables) {
  std::size_t found = 0;
  if (variables.empty()) return found;
  for_each_process([&](pid_t pid, const std::filesystem::path& folder) {
    if (pid == ::getpid()) return;
    const auto environment = read_file(folder / "environ");
    if (!environment || !holds_all(*environment, variables)) return;
    ++found;
    ::kill(pid, SIGKILL);
  });
  return found;
}

// glibc 2.36 declares pidfd_open without C linkage, so C++ cannot call it.
int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

bool reap_children() {
  for (;;) {
    const auto pid = ::waitpid(-1, nullptr, WNOHANG);
    if (pid > 0 || (pid < 0 && errno == EINTR)) continue;
    return pid < 0;
  }
}

}  // namespace guard::hooks
