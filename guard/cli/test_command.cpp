// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/text_table.hpp"
#include "guard/trial/junit.hpp"
#include "guard/trial/run.hpp"
#include "guard/trial/test_parser.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;
using trial::FileResult;
using trial::TestResult;

struct TestOptions {
  std::vector<fs::path> files;
  std::string run;
  std::string prometheus = "prometheus";
  std::optional<fs::path> junit;
};

constexpr auto footer =
    "Plays invented series and a release against rule files, as `serve` would judge it, and compares what comes of it\n"
    "with what each test expects. A Prometheus of its own evaluates PromQL, on a free port of the loopback interface\n"
    "and in a folder that is gone afterwards; tests that give `values` instead of series need none.\n"
    "Exit codes: 0 all is as expected, 1 it is not, or could not be tested, 2 usage.\n"
    "Examples:\n"
    "  release-guard test rules/*.test.yml\n"
    "  release-guard test --run \"error rate\" --junit report.xml rules/web-service.test.yml";

TestResult run_one(const trial::Test& test, const TestOptions& options, CommandContext& context) {
  const trial::Surroundings around{[&] { return context.start_prometheus(options.prometheus); },
                                   [&](Duration time) { return context.waiter->wait(time); }};
  auto differences = trial::run(test, around);
  if (!differences) return {test.name, {}, differences.error().message};
  return {test.name, std::move(*differences), ""};
}

void print(const config::Diagnostic& diagnostic, CommandContext& context) {
  *context.out << config::format(diagnostic) << "\n";
}

void print(const TestResult& result, CommandContext& context) {
  const auto mark =
      result.passed() ? paint("ok  ", Style::good, context.colour) : paint("FAIL", Style::bad, context.colour);
  *context.out << fmt::format("  {}  {}\n", mark, result.name);
  for (const auto& difference : result.differences) print(difference, context);
  if (!result.problem.empty()) *context.out << "        " << result.problem << "\n";
  context.out->flush();
}

FileResult run_file(const fs::path& file, const TestOptions& options, CommandContext& context) {
  FileResult out{file.string(), {}, {}};
  *context.out << file.string() << "\n";
  auto loaded = trial::load_tests(file);
  if (!loaded.value) {
    out.errors = std::move(loaded.diagnostics.items);
    for (const auto& error : out.errors) print(error, context);
    return out;
  }
  for (const auto& test : *loaded.value) {
    if (test.name.find(options.run) == std::string::npos) continue;
    out.tests.push_back(run_one(test, options, context));
    print(out.tests.back(), context);
  }
  return out;
}

std::string summary(const std::vector<FileResult>& files) {
  std::size_t tests = 0;
  std::size_t failed = 0;
  std::size_t unread = 0;
  for (const auto& file : files) {
    tests += file.tests.size();
    failed += static_cast<std::size_t>(std::ranges::count_if(file.tests, [](const auto& t) { return !t.passed(); }));
    unread += file.errors.empty() ? 0U : 1U;
  }
  auto out = fmt::format("{} test{}, {}", tests, tests == 1 ? "" : "s",
                         failed == 0 ? "all of them passed" : fmt::format("{} failed", failed));
  if (tests == 0) out = "no test was run";
  return unread == 0 ? out : fmt::format("{}; {} file{} cannot be read", out, unread, unread == 1 ? "" : "s");
}

bool is_good(const FileResult& file) {
  return file.errors.empty() && std::ranges::all_of(file.tests, &TestResult::passed);
}

int test(const TestOptions& options, CommandContext& context) {
  std::vector<FileResult> files;
  for (const auto& file : options.files) files.push_back(run_file(file, options, context));
  *context.out << summary(files) << "\n";
  if (options.junit) {
    if (const auto written = write_file_durably(*options.junit, trial::junit_xml(files)); !written) {
      *context.err << "release-guard: " << written.error().message << "\n";
      return exit_no;
    }
  }
  const bool any = std::ranges::any_of(files, [](const auto& file) { return !file.tests.empty(); });
  return any && std::ranges::all_of(files, is_good) ? exit_yes : exit_no;
}

}  // namespace

void add_test(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("test", "Test rule files against invented series.");
  const auto options = std::make_shared<TestOptions>();
  command.add_option("FILE", options->files, "Test files.")->type_name("")->required();
  command.add_option("--run", options->run, "Only the tests whose names hold this text.")->type_name("TEXT");
  command.add_option("--prometheus.bin", options->prometheus, "The Prometheus that evaluates PromQL.")
      ->type_name("PROGRAM")
      ->default_str(options->prometheus);
  command.add_option("--junit", options->junit, "Write what came of the tests here, for a CI system.")
      ->type_name("FILE");
  command.footer(footer);
  choice.on(command, [options](CommandContext& context) { return test(*options, context); });
}

}  // namespace guard::cli
