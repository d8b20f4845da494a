// SPDX-License-Identifier: Apache-2.0
//
// The field's benchmark: seeded stories of releases, judged by the guard and by the documented semantics of others.
// Prints its tables as Markdown. It is a measure and no target: no constant of the guard is chosen by it.
#include "tests/decisions/tables.hpp"
#include "tests/sim/generator.hpp"
#include "tests/sim/plan.hpp"

#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace guard::decisions {
namespace {

Names names_of(const Judges& judges) {
  Names names;
  for (const auto& judge : judges) names.push_back(judge->name());
  return names;
}

Held hold_all(const Corpus& corpus, const Judges& judges) {
  return {hold(corpus.mixed, judges), hold(corpus.unchanged, judges),
          hold(corpus.sixty_percent_of_five_a_minute, judges), hold(corpus.three_percent_at_ten_a_second, judges)};
}

void print(const Held& held, const Names& names) {
  fmt::print("{} stories of {} kinds, and {} watches of services that do not change.\n\n", held.mixed.size(),
             EnumNames<sim::Kind>::table.size(), held.unchanged.size());
  fmt::print("### All\n\n{}\n", overall(held, names));
  fmt::print("### Figures to reach\n\n{}\n", figures(held, names));
  fmt::print(
      "### By kind\n\nIn time, and the median delay of those found; rolled back of those that should be kept.\n\n"
      "{}\n",
      by_kind(held, names));
  fmt::print("### By traffic\n\n{}", by_traffic(held, names));
  fmt::print("### Services that do not change\n\nRolled back, and the upper bound of the share at 95%.\n\n{}\n",
             false_rollbacks(held, names));
  fmt::print("### Misjudged by {}\n\n{}", names.front(), misjudged(held));
}

// One story by its name: what happens in it, and what each judge says.
int explain(const std::string& name, const Judges& judges) {
  const auto slash = name.find('/');
  const auto kind = from_string<sim::Kind>(name.substr(0, slash));
  if (!kind || slash == std::string::npos) {
    fmt::print(stderr, "no such story: {}\n", name);
    return 2;
  }
  const auto plan = sim::draw_plan(*kind, std::stoull(name.substr(slash + 1)));
  fmt::print("{}: {}\n", plan.roll_back ? "roll back" : "keep", plan.reason);
  fmt::print("{:.4g}/s to {} targets, scraped every {} s; {:.3g}% fail, {}; series {}{}\n", plan.traffic, plan.targets,
             plan.scrape.count() / 1000, 100 * plan.failing, to_string(plan.clumping), to_string(plan.turnover),
             plan.newborn ? ", failures newborn" : "");
  fmt::print("level {:.3g} from {} s to {} s, again each {} s; deadline {} s\n", plan.level, plan.begins.count() / 1000,
             plan.ends.count() / 1000, plan.recurs.count() / 1000, plan.deadline.count() / 1000);
  const auto story = sim::tell(plan);
  for (const auto& judge : judges) {
    const auto at = judge->rolls_back_at(story);
    fmt::print("  {}: {}; {}\n", judge->name(), at ? fmt::format("{} s", at->count() / 1000) : "stays",
               judge->says(story));
  }
  return 0;
}

}  // namespace
}  // namespace guard::decisions

int main(int argc, char** argv) {
  CLI::App app{"How well releases are judged, by the guard and by others"};
  guard::decisions::Sizes sizes;
  std::string json;
  std::string story;
  app.add_option("--seed", sizes.seed, "Of all stories");
  app.add_option("--of-kind", sizes.of_kind, "Stories of each kind");
  app.add_option("--unchanged", sizes.unchanged_of_class, "Watches of unchanged services for each class of traffic");
  app.add_option("--json", json, "Every verdict, into this file");
  app.add_option("--story", story, "Only this one, as KIND/SEED");
  CLI11_PARSE(app, argc, argv);
  const auto judges = guard::decisions::all_judges();
  if (!story.empty()) return guard::decisions::explain(story, judges);
  const auto held = guard::decisions::hold_all(guard::decisions::draw_corpus(sizes), judges);
  const auto names = guard::decisions::names_of(judges);
  guard::decisions::print(held, names);
  if (!json.empty()) std::ofstream(json) << guard::decisions::as_json(held, names);
  return 0;
}
