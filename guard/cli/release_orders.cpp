// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/options.hpp"
#include "guard/cli/release_commands.hpp"
#include "guard/model/order.hpp"

#include <array>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

using model::Verb;

struct OrderOptions {
  client::Connection connection;
  client::WhichRelease release;
  std::string reason;
  std::optional<WallTime> live_at;
  std::string to;
};

// What a person orders about a release. The pipeline's own `live` stands apart: it takes a time instead of a reason.
struct PersonsOrder {
  Verb verb;
  std::string_view what;
};

constexpr std::array persons_orders{
    PersonsOrder{Verb::pause, "Stop judging; the window stands still until `resume`."},
    PersonsOrder{Verb::resume, "Judge again after `pause`."},
    PersonsOrder{Verb::approve, "Agree to the rollback the guard asks for."},
    PersonsOrder{Verb::abort, "End the watch; the release stays as it is."},
    PersonsOrder{Verb::rollback, "Roll the release back now, whatever its objectives say."},
};

json::object body_of(const OrderOptions& options) {
  json::object body;
  if (!options.reason.empty()) body["reason"] = options.reason;
  if (!options.to.empty()) body["to"] = options.to;
  if (options.live_at) body["live_at"] = format_time(*options.live_at);
  return body;
}

int print_live(CommandContext& context, const Result<std::string>& body) {
  if (body) warn_of_contest(context, *body);
  return print_headline(context, body);
}

int give(const OrderOptions& options, Verb verb, CommandContext& context) {
  const auto api = connect_to_guard(options.connection, context);
  if (!api) return complain(context, api.error());
  const auto rest = fmt::format("/{}", to_string(verb));
  const auto post = [&](const std::string& id) { return api->post(client::release_path(id, rest), body_of(options)); };
  // A pipeline outlasts a short absence of the guard; a person wants to hear of it at once.
  if (verb == Verb::live)
    return print_live(context,
                      repeat_call(context, client::Repeat::if_not_done, [&] { return post(options.release.id); }));
  return print_headline(context, client::for_release(*api, options.release, post));
}

void add_live(CLI::App& release, Choice& choice) {
  auto& command = *release.add_subcommand("live", "Say that a release announced with --phase deploying is live.");
  const auto options = std::make_shared<OrderOptions>();
  command.add_option("ID", options->release.id, "The release.")->required();
  add_time(command, "--live-at", options->live_at)->description("When it went live (RFC 3339), if not just now.");
  add_connection_options(command, options->connection);
  command.footer(
      "Tries again for a minute while the guard is away.\n"
      "Exit codes: 0 its watch begins, 1 refused or not reached, 2 usage.\n"
      "Example: release-guard release live \"$id\"");
  choice.on(command, [options](CommandContext& context) { return give(*options, Verb::live, context); });
}

void add_order(CLI::App& release, Choice& choice, const PersonsOrder& order) {
  auto& command = *release.add_subcommand(std::string(to_string(order.verb)), std::string(order.what));
  const auto options = std::make_shared<OrderOptions>();
  add_which_release(command, options->release);
  command.add_option("--reason", options->reason, "In words, for the timeline.");
  if (order.verb == Verb::rollback)
    command.add_option("--to", options->to, "The version to go back to, if not the one before.")->type_name("VERSION");
  add_connection_options(command, options->connection);
  command.footer(fmt::format(
      "Exit codes: 0 done, 1 refused or not reached, 2 usage.\n"
      "Example: release-guard release {} --service shop --environment production --reason \"looked at it with Kim\"",
      to_string(order.verb)));
  choice.on(command, [options, verb = order.verb](CommandContext& context) { return give(*options, verb, context); });
}

}  // namespace

void add_release_orders(CLI::App& release, Choice& choice) {
  add_live(release, choice);
  for (const auto& order : persons_orders) add_order(release, choice, order);
}

}  // namespace guard::cli
