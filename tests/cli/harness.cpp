// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"

#include "guard/cli/all_commands.hpp"

#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guard::test {
CommandLine::CommandLine() {
  guard = [](const client::Request& request) -> Result<client::Response> {
    ADD_FAILURE() << "not expected: " << request.method << " " << request.path;
    return nobody_answers();
  };
  context.out = &out_;
  context.build = {"1.2.3", "abc", "2026-01-31", "GCC 12"};
  context.err = &err_;
  context.clock = &clock;
  context.random = &random;
  context.waiter = &waiter;
  context.connect = [this](const client::Connection& connection) -> Result<client::Send> {
    connections.push_back(connection);
    return client::Send([this](const client::Request& request) {
      requests.push_back(request);
      return guard(request);
    });
  };
  context.try_out = [this](const auto&) { return tried; };
  context.serve = [this](const serve::ServeOptions& options) {
    served.push_back(options);
    return 0;
  };
  context.supervise_hook = [this](const std::filesystem::path& folder) {
    supervised.push_back(folder);
    return 0;
  };
}

int CommandLine::run(std::vector<std::string> words) {
  return cli::run_program(cli::all_commands, std::move(words), context);
}

client::Response answer(int status, std::string body) {
  return {status, std::move(body)};
}

client::Send answers(std::vector<Result<client::Response>> all) {
  auto rest = std::make_shared<std::deque<Result<client::Response>>>(all.begin(), all.end());
  return [rest](const client::Request&) {
    auto next = rest->front();
    if (rest->size() > 1) rest->pop_front();
    return next;
  };
}

Result<client::Response> nobody_answers() {
  return fail(ErrorCode::unavailable, "connection refused");
}

std::string release_json(const std::string& phase) {
  const bool open = phase == "deploying" || phase == "settling" || phase == "watching" || phase == "rolling_back";
  return fmt::format(
      R"({{"id":"r1","service":"shop","environment":"production","version":"2","previous_version":"1",)"
      R"("kind":"feature","phase":"{}","final":{},"window_end":"2026-01-31T13:30:00.000Z","group":"shop-production",)"
      R"("mode":"enforce","rules":[{{"slo":"error_rate","value_text":"0.2%","verdict":"ok"}}]}})",
      phase, open ? "false" : "true");
}

}  // namespace guard::test
