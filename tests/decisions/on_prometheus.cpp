// SPDX-License-Identifier: Apache-2.0
//
// A hundred stories, judged once from memory and once over a real Prometheus that holds them as blocks: the same
// verdicts at the same moments, in the same words, and none that should be kept is rolled back. `write FILE` writes
// what promtool makes the blocks of; `judge URL` compares, tells each difference, and fails if there is one.
#include "guard/base/system_clock.hpp"
#include "guard/metrics/prometheus_client.hpp"
#include "guard/metrics/read_ahead.hpp"
#include "tests/decisions/guard.hpp"
#include "tests/decisions/open_metrics.hpp"
#include "tests/decisions/stepped_guard.hpp"
#include "tests/decisions/story_answers.hpp"
#include "tests/sim/generator.hpp"
#include "tests/sim/plan.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <span>
#include <thread>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t stories = 100;
constexpr std::uint64_t first_seed = 9'000'000;
constexpr Duration watched = 40min;
// All go live within this minute, so that everything lies in one block of two hours.
constexpr WallTime goes_live{std::chrono::sys_days{std::chrono::January / 5 / 2026} + 1h};

// What blocks cannot hold: samples that come late, and the note that a series has ended.
bool fits_blocks(const sim::Plan& plan) {
  return plan.lag == Duration{0} && !(plan.effect == sim::Effect::dead && plan.turnover == sim::Turnover::replaced);
}

std::vector<sim::Plan> plans() {
  std::vector<sim::Plan> out;
  for (auto seed = first_seed; out.size() < stories; ++seed)
    for (const auto& [kind, name] : EnumNames<sim::Kind>::table)
      if (auto plan = sim::draw_plan(kind, seed); out.size() < stories && fits_blocks(plan)) out.push_back(plan);
  return out;
}

std::string job_of(std::size_t index) {
  return fmt::format("story-{}", index);
}

// By whole minutes, so that whatever is rounded to a grid is rounded alike.
Duration later(const sim::Story& story) {
  return goes_live - std::chrono::floor<std::chrono::minutes>(story.live);
}

int write(const std::string& file) {
  OpenMetrics metrics;
  const auto all = plans();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto story = sim::tell(all[i]);
    metrics.add(story, {job_of(i), later(story), watched + 5min, watched + 2min});
  }
  std::ofstream(file) << metrics.text();
  return 0;
}

metrics::PrometheusClient client_of(const std::string& url, const Clock& clock) {
  http::ClientSettings settings;
  settings.url = url;
  return {http::Client::make(settings, clock).value(), {}, clock};
}

std::string words_of(const Judged& judged) {
  return fmt::format("after {} s: {}", judged.rolled_back.value_or(watched).count() / 1000, judged.words);
}

// Each story has a service of its own there.
std::string as_of_shop(std::string words, const std::string& service) {
  for (auto at = words.find(service + '-'); at != std::string::npos; at = words.find(service + '-'))
    words.replace(at, service.size(), "shop");
  return words;
}

struct Compared {
  bool differs = false;
  bool in_time = false;
  bool wrongly = false;
};
// Tells it where the two don't say the same.
Compared compare(const sim::Plan& plan, std::size_t index, metrics::PrometheusClient& client) {
  static const auto group = rule_group(share_rules({"40m", "30s"}));
  static std::mutex telling;
  const auto story = sim::tell(plan);
  StoryAnswers answers(story, *group);
  const auto live = story.live + later(story);
  metrics::ReadAhead ahead(client, {group->interval, live + watched});
  const auto remembered = judge(group, {"shop", story.live}, answers);
  const auto stored = judge(group, {job_of(index), live}, ahead);
  const bool differs = words_of(remembered) != as_of_shop(words_of(stored), job_of(index));
  const std::lock_guard lock(telling);
  if (differs)
    fmt::print("{}\n  memory:     {}\n  Prometheus: {}\n", sim::name_of(plan), words_of(remembered), words_of(stored));
  const bool in_time = plan.roll_back && stored.rolled_back && *stored.rolled_back <= plan.deadline;
  return {differs, in_time, !plan.roll_back && stored.rolled_back};
}

int compare_all(const std::string& url) {
  const SystemClock clock;
  const auto all = plans();
  std::atomic<std::size_t> next = 0;
  std::atomic<int> differences = 0;
  std::atomic<int> in_time = 0;
  std::atomic<int> wrongly = 0;
  const auto work = [&] {
    auto client = client_of(url, clock);
    for (auto i = next++; i < all.size(); i = next++) {
      const auto compared = compare(all[i], i, client);
      differences += compared.differs ? 1 : 0;
      in_time += compared.in_time ? 1 : 0;
      wrongly += compared.wrongly ? 1 : 0;
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 3; ++i) workers.emplace_back(work);
  }
  const auto bad = std::ranges::count_if(all, &sim::Plan::roll_back);
  fmt::print(
      "rolled back: {} of {} bad releases in time, {} of {} that should be kept; {} judged otherwise from memory\n",
      in_time.load(), bad, wrongly.load(), std::ssize(all) - bad, differences.load());
  return differences == 0 && wrongly == 0 && in_time > 0 ? 0 : 1;
}

}  // namespace
}  // namespace guard::decisions

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  const std::string what = arguments.size() == 3 ? arguments[1] : "";
  if (what == "write") return guard::decisions::write(arguments[2]);
  if (what == "judge") return guard::decisions::compare_all(arguments[2]);
  fmt::print(stderr, "usage: {} write FILE | judge URL\n", arguments[0]);
  return 2;
}
