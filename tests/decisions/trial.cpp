// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/trial.hpp"

#include "tests/sim/generator.hpp"
#include "tests/sim/plan.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace guard::decisions {
namespace {

using sim::Kind;

constexpr std::uint64_t of_one_seed = 1'000'000;
constexpr std::uint64_t first_unchanged = 100'000;
constexpr std::uint64_t first_probe = 200'000;

std::vector<sim::Plan> probe(Kind kind, std::uint64_t first, double traffic, double level) {
  constexpr std::uint64_t stories = 100;
  std::vector<sim::Plan> plans;
  for (auto seed = first; seed < first + stories; ++seed) {
    auto plan = sim::draw_plan(kind, seed);
    plan.traffic = traffic;
    plan.level = level;
    plan.deadline = sim::deadline_of(plan);
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace

Corpus draw_corpus(const Sizes& sizes) {
  Corpus corpus;
  const auto first = sizes.seed * of_one_seed;
  for (const auto& [kind, name] : EnumNames<Kind>::table)
    for (std::uint64_t i = 0; i < sizes.of_kind; ++i) corpus.mixed.push_back(sim::draw_plan(kind, first + i));
  const auto classes = EnumNames<sim::TrafficClass>::table.size();
  for (std::uint64_t i = 0; i < sizes.unchanged_of_class * classes; ++i)
    corpus.unchanged.push_back(sim::draw_plan(Kind::unchanged, first + first_unchanged + i));
  corpus.sixty_percent_of_five_a_minute = probe(Kind::failing_50, first + first_probe, 5.0 / 60, 0.6);
  corpus.three_percent_at_ten_a_second = probe(Kind::failing_3, first + first_probe, 10, 0.03);
  return corpus;
}

Trials hold(const std::vector<sim::Plan>& plans, const Judges& judges) {
  Trials trials(plans.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto i = next++; i < plans.size(); i = next++) {
      const auto story = sim::tell(plans[i]);
      trials[i].plan = plans[i];
      for (const auto& judge : judges) trials[i].rolled_back.push_back(judge->rolls_back_at(story));
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) workers.emplace_back(work);
  work();
  workers.clear();
  return trials;
}

Call call_of(const sim::Plan& plan, std::optional<Duration> rolled_back) {
  if (!rolled_back) return plan.roll_back ? Call::missed : Call::kept;
  if (!plan.roll_back || *rolled_back < plan.begins) return Call::false_rollback;
  return *rolled_back <= plan.deadline ? Call::in_time : Call::late;
}

}  // namespace guard::decisions
