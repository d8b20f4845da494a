// SPDX-License-Identifier: Apache-2.0
#include "guard/config/hook_parser.hpp"

#include "guard/base/base64.hpp"
#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/config/http_parser.hpp"
#include "guard/config/matchers.hpp"
#include "guard/config/quantity.hpp"
#include "guard/config/trusted_file.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::config {
namespace {

constexpr std::size_t shortest_key = 24;  // bytes; Standard Webhooks: 24 to 64
constexpr std::size_t longest_key = 64;
constexpr double largest_output = 16.0 * 1024 * 1024;
constexpr int most_attempts = 100;

bool is_variable_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, plain);
}

// A program and its arguments; none where `key` is not given.
std::vector<promql::TextTemplate> read_argv(const ObjectReader& object, std::string_view key) {
  std::vector<promql::TextTemplate> argv;
  if (!object.given(key)) return argv;
  for (const auto* node : object.list(key)) {
    // An argument may be empty, unlike other texts; the program may not.
    const bool empty = node->kind == NodeKind::scalar && node->text.empty() && !argv.empty();
    auto text = empty ? std::optional(*promql::TextTemplate::parse("", promql::TemplateKind::argument))
                      : read_template(object.report(), *node, fmt::format("an entry of `{}`", key),
                                      promql::TemplateKind::argument);
    if (text) argv.push_back(std::move(*text));
  }
  return argv;
}

void check_program(const ObjectReader& object, std::string_view key, const CommandHook& hook) {
  const auto* argv = object.find(key);
  if (argv == nullptr || argv->children.empty() || trim(argv->children[0].text).empty()) return;
  const auto& node = argv->children[0];
  const auto& program = node.text;
  const auto error = [&](std::string message) { object.report().error(node.offset, std::move(message)); };
  if (program.find("{{") != std::string::npos)
    error(fmt::format("the program in `{}` is the same for every release; use {{{{ }}}} only in its arguments", key));
  else if (program.find('/') == std::string::npos)
    error(fmt::format("\"{0}\" is not searched for in PATH; write its full path, or ./{0} for one in `dir`", program));
  else if (const auto problem =
               program_problem((hook.dir / program).lexically_normal(), {hook.dir, path_let_through(hook.environment)});
           !problem.empty())
    error(fmt::format("the hook's program cannot be run: {}", problem));
}

// What hooks/command_hook.cpp gives each call.
bool is_set_by_the_guard(std::string_view name) {
  constexpr std::string_view prefix = "RELEASE_GUARD_";
  constexpr std::array<std::string_view, 13> own{"SERVICE",       "ENVIRONMENT",      "VERSION", "PREVIOUS_VERSION",
                                                 "RELEASE",       "DECISION",         "ATTEMPT", "IDEMPOTENCY_KEY",
                                                 "FENCING_EPOCH", "EXPECTED_CURRENT", "SLO",     "TRIGGER",
                                                 "REASON"};
  return name.starts_with(prefix) && std::ranges::find(own, name.substr(prefix.size())) != own.end();
}

std::vector<std::string> read_environment(const ObjectReader& object) {
  if (object.node().find("environment") == nullptr) return {"PATH", "HOME", "USER", "LANG", "TZ"};
  const auto* member = object.find("environment");
  std::vector<std::string> names;
  if (member != nullptr && member->kind == NodeKind::list && member->children.empty()) return names;
  for (const auto* node : object.list("environment")) {
    auto name = read_text(object.report(), *node, "a name in `environment`");
    if (!name) continue;
    if (!is_variable_name(*name))
      object.report().error(
          node->offset, fmt::format("\"{}\" is no variable's name; values are not set here, only let through by name",
                                    shorten(*name, 60)));
    else if (is_set_by_the_guard(*name))
      object.report().error(node->offset, fmt::format("the guard sets {} itself; delete it", *name));
    else
      names.push_back(std::move(*name));
  }
  return names;
}

std::size_t read_output_cap(const ObjectReader& object) {
  const auto text = object.text_or_default("output_cap");
  const auto size = parse_quantity(text);
  const bool bytes = size && (size->unit == model::Unit::bytes || size->unit == model::Unit::number);
  if (bytes && size->value >= 1024 && size->value <= largest_output) return static_cast<std::size_t>(size->value);
  object.error(
      "output_cap",
      fmt::format("`output_cap` must be a size from 1KiB to 16MiB, for example 64KiB, not \"{}\"", shorten(text, 60)));
  return 0;
}

CommandHook read_command(const ObjectReader& object, const std::filesystem::path& base) {
  CommandHook hook;
  hook.dir = read_path(object, "dir", base).value_or(base);
  std::error_code error;
  const bool dir_exists = std::filesystem::is_directory(hook.dir, error);
  if (!dir_exists) object.error("dir", fmt::format("`dir`: {} is not a directory", hook.dir.string()));
  hook.argv = read_argv(object, "argv");
  hook.rehearse = read_argv(object, "rehearse");
  hook.environment = read_environment(object);
  if (dir_exists)
    for (const auto* key : {"argv", "rehearse"}) check_program(object, key, hook);
  hook.timeout = object.positive_duration_or_default("timeout");
  hook.grace = object.duration_or_default("grace");
  hook.output_cap = read_output_cap(object);
  return hook;
}

std::optional<Secret> read_signing_key(const ObjectReader& object, const std::filesystem::path& base) {
  const auto path = read_path(object, "secret_file", base);
  if (!path) return std::nullopt;
  if (const auto problem = exposure(*path); !problem.empty())
    object.error("secret_file", fmt::format("`secret_file`: {}", problem));
  const auto secret = read_secret(*path);
  if (!secret) {
    object.error("secret_file", fmt::format("`secret_file`: {}", secret.error().message));
    return std::nullopt;
  }
  constexpr std::string_view prefix = "whsec_";
  std::string_view text = secret->reveal();
  if (!text.starts_with(prefix)) {
    if (text.size() >= shortest_key) return *secret;
    object.error("secret_file", fmt::format("`secret_file`: {} holds fewer than {} bytes; write a longer secret",
                                            path->string(), shortest_key));
    return std::nullopt;
  }
  const auto key = decode_base64(text.substr(prefix.size()));
  if (key && key->size() >= shortest_key && key->size() <= longest_key) return *secret;
  object.error("secret_file", fmt::format("`secret_file`: {} does not hold base64 of {} to {} bytes after {}",
                                          path->string(), shortest_key, longest_key, prefix));
  return std::nullopt;
}

HttpHook read_http_hook(const ObjectReader& object, const std::filesystem::path& base) {
  HttpHook hook;
  hook.http = read_http(object, base);
  if (const auto* url = object.find("url")) hook.http.url = read_url(object.report(), *url, "`url`", Query::allowed);
  if (const auto* url = object.find("rehearse"))
    hook.rehearse = read_url(object.report(), *url, "`rehearse`", Query::allowed);
  hook.secret = read_signing_key(object, base);
  hook.timeout = object.positive_duration_or_default("timeout");
  hook.conflict_is_done = object.boolean_or_default("conflict_is_done");
  return hook;
}

model::RetryPolicy read_retry(const ObjectReader& object) {
  model::RetryPolicy retry;
  retry.attempts = object.integer_or_default("attempts", 1, most_attempts);
  retry.backoff = object.positive_duration_or_default("backoff");
  retry.longest_backoff = object.positive_duration_or_default("longest_backoff");
  retry.idempotent = object.boolean_or_default("idempotent");
  retry.deadline = object.positive_duration_or_default("deadline");
  if (retry.longest_backoff < retry.backoff)
    object.error(object.find("longest_backoff") != nullptr ? "longest_backoff" : "backoff",
                 "`longest_backoff` must not be shorter than `backoff`");
  return retry;
}

std::optional<model::Matcher> read_versions(const ObjectReader& object) {
  const auto pattern = object.text("versions");
  if (!pattern) return std::nullopt;
  auto matcher = model::Matcher::make("version", model::MatchOp::regex, *pattern);
  if (matcher) return std::move(*matcher);
  object.error("versions", fmt::format("`versions`: {}", matcher.error().message));
  return std::nullopt;
}

}  // namespace

bool is_hook_name(std::string_view name) {
  return name.size() <= 64 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

HookSettings parse_hook(const Report& report, const Node& node, const std::filesystem::path& base) {
  HookSettings hook;
  const ObjectReader object(report, node, objects::hook);
  if (node.kind != NodeKind::map) return hook;
  hook.name = object.text_or_default("name");
  if (!is_hook_name(hook.name))
    object.error(
        "name", fmt::format("a hook's name is made of letters, digits, _ - and ., not \"{}\"", shorten(hook.name, 80)));
  const auto* command = object.find("command");
  const auto* http = object.find("http");
  if ((node.find("command") == nullptr) == (node.find("http") == nullptr))
    report.error(node.offset, "a hook has exactly one of `command` and `http`");
  if (command != nullptr) hook.kind = read_command(ObjectReader(report, *command, objects::command_hook), base);
  if (http != nullptr) hook.kind = read_http_hook(ObjectReader(report, *http, objects::http_hook), base);
  hook.versions = read_versions(object);
  hook.retry = read_retry(object);
  return hook;
}

}  // namespace guard::config
