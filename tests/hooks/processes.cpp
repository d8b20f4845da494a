// SPDX-License-Identifier: Apache-2.0
#include "tests/hooks/processes.hpp"

#include "guard/base/file.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <spawn.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/wait.h>

extern char** environ;

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<pid_t> processes_holding(const char* file, const std::string& entry) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const auto pid = static_cast<pid_t>(std::strtol(process.path().filename().c_str(), nullptr, 10));
    const auto text = pid > 0 ? read_file(process.path() / file) : Result<std::string>("");
    if (text && ('\0' + *text).find('\0' + entry + '\0') != std::string::npos) found.push_back(pid);
  }
  return found;
}

}  // namespace

bool eventually(const std::function<bool()>& condition) {
  const SystemClock clock;
  const auto deadline = clock.now().mono + 30s;
  while (!condition()) {
    if (clock.now().mono >= deadline) return false;
    let_pass(5ms);
  }
  return true;
}

std::string text_of(const fs::path& file) {
  return read_file(file).value_or("");
}

std::vector<pid_t> processes_with(const std::string& pair) {
  return processes_holding("environ", pair);
}
std::vector<pid_t> processes_about(const std::string& argument) {
  return processes_holding("cmdline", argument);
}

bool is_alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

bool has_no_children() {
  return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

Commands::Commands() {
  call.key += folder.string();
}

Commands::~Commands() {
  for (const auto pid : processes_with(mark())) ::kill(pid, SIGKILL);
}

fs::path Commands::script(const std::string& name, const std::string& body) const {
  const auto path = folder / name;
  std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

hooks::HookPtr Commands::hook(const config::CommandHook& command) const {
  config::HookSettings settings;
  settings.name = "promote";
  return hooks::make_command_hook(settings, command, {state(), program, clock});
}

std::string Commands::seconds_of_its_own(int whole) {
  return fmt::format("{}.{:07}", whole, ::getpid());
}

long Commands::runs() const {
  const auto text = text_of(folder / "runs");
  return std::count(text.begin(), text.end(), '\n');
}

pid_t Commands::start(const std::vector<std::string>& argv) {
  auto text = argv;
  std::vector<char*> pointers;
  for (auto& argument : text) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t pid = -1;
  return ::posix_spawn(&pid, pointers[0], nullptr, nullptr, pointers.data(), environ) == 0 ? pid : -1;
}

int Commands::wait_for(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid) return -1000;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace guard::test
