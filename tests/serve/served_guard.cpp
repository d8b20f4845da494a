// SPDX-License-Identifier: Apache-2.0
#include "tests/serve/served_guard.hpp"

#include "guard/base/file.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <unistd.h>
#include <vector>

#include <sys/wait.h>

extern char** environ;

namespace guard::test {
namespace {

namespace fs = std::filesystem;

// Prometheus and Alertmanager are where nobody listens: every round asks, and every lane works.
constexpr auto configuration = R"(
prometheus: { url: "http://127.0.0.1:9" }
alertmanager: { urls: ["http://127.0.0.1:9"] }
rule_files: [rules.yml]
hooks: [{ name: undo, command: { argv: [./undo.sh] } }]
)";

constexpr auto rules = R"(
groups:
  - name: shop
    match: ['service="shop"']
    window: 60s
    settle: 0s
    interval: 1s
    rollback: { hook: undo, mode: enforce, verify: 1s }
    defaults: { on_no_data: ignore, on_error: ignore }
    rules:
      - { slo: e2e, signal: e2e, objective: succeeded }
      - { slo: errors, expr: errors, objective: "< 1%", for: 1s }
      - { slo: alerts, alerts: ['severity="critical"'], objective: none firing }
)";

}  // namespace

ServedGuard::ServedGuard() {
  write("release-guard.yml", configuration);
  write("rules.yml", rules);
  write("undo.sh", "#!/bin/sh\necho called >> '" + (folder_ / "calls").string() + "'\n");
  fs::permissions(folder_ / "undo.sh", fs::perms::owner_all);
}

ServedGuard::~ServedGuard() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool ServedGuard::start() {
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  const auto log_file = (folder_ / "log").string();
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  std::vector<std::string> words{RELEASE_GUARD_PROGRAM, "serve",
                                 "--config.file=" + (folder_ / "release-guard.yml").string(),
                                 "--storage.path=" + (folder_ / "data").string(), "--web.listen-address=127.0.0.1:0"};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 && eventually([this] { return !port().empty() || ::waitpid(pid_, nullptr, WNOHANG) != 0; }) &&
         !port().empty();
}

int ServedGuard::stop() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; })) return -SIGKILL;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string ServedGuard::ask(const std::string& method, const std::string& path, const std::string& body) const {
  http::ClientSettings settings;
  settings.url = "http://127.0.0.1:" + port();
  const auto client = http::Client::make(settings, clock_);
  if (!client) return client.error().message;
  http::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  request.content_type = body.empty() ? "" : "application/json";
  request.deadline = std::chrono::seconds(20);
  const auto answer = client->send(request);
  if (!answer) return answer.error().message;
  return answer->status / 100 == 2 ? answer->body : "HTTP " + std::to_string(answer->status) + ": " + answer->body;
}

std::string ServedGuard::log() const {
  return read_file(folder_ / "log").value_or("");
}

long ServedGuard::calls() const {
  const auto text = read_file(folder_ / "calls").value_or("");
  return std::count(text.begin(), text.end(), '\n');
}

bool ServedGuard::eventually(const std::function<bool()>& condition) {
  for (int look = 0; look < 1200; ++look) {
    if (condition()) return true;
    let_pass(std::chrono::milliseconds(25));
  }
  return condition();
}

void ServedGuard::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name) << text;
}

// What its log says of where it listens; empty until it does.
std::string ServedGuard::port() const {
  const auto text = log();
  const auto line = text.find("msg=listening");
  const auto at = line == std::string::npos ? line : text.find(" port=", line);
  if (at == std::string::npos) return "";
  const auto end = text.find(' ', at + 6);
  return end == std::string::npos ? "" : text.substr(at + 6, end - at - 6);
}

}  // namespace guard::test
