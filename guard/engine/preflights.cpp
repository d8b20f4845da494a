// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflights.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/preflight/alert_path.hpp"
#include "guard/preflight/hook.hpp"
#include "guard/preflight/rules.hpp"
#include "guard/preflight/servers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace guard::engine {
namespace {

using model::Check;
using model::Checks;
using preflight::Means;
using preflight::Situation;

// From the question to the answer, whatever hangs: whoever asks waits for less than 15 s.
constexpr Duration timeout = std::chrono::seconds(12);
// What is asked ends so long before, to say in its own words what it could not find out.
constexpr Duration margin = std::chrono::seconds(1);
// A proof that nobody ends, because the guard died, ends by itself.
constexpr Duration proof_fires_for = std::chrono::minutes(2);

using At = Checks (*)(const Situation&, const Means&);
struct Look {
  std::string_view name;
  At at = nullptr;
  bool acts = false;  // it runs something
};
// In the order in which people read what they find.
constexpr std::array looks{Look{"servers", preflight::look_at_servers}, Look{"rules", preflight::look_at_rules_now},
                           Look{"last_day", preflight::look_at_last_day},
                           Look{"preflight_rules", preflight::look_at_preflight_rules},
                           Look{"hook", preflight::look_at_hooks, true}};

}  // namespace

// What one look found, once it has.
struct Preflights::Finding {
  std::string_view name;
  std::string asked{};  // the one it waits for, where that is one
  std::optional<Checks> found{};

  Check not_in_time() const {
    if (!asked.empty())
      return {std::string(name), model::CheckState::unknown, asked + " did not answer in time",
              "it hangs, or the way to it; what it was sent may still arrive"};
    return {std::string(name), model::CheckState::unknown, "it was not found out in time",
            "something that was asked hangs: the log of the guard and the other lines say what"};
  }
};

// One preflight. Whatever is to be found out has a place of its own, so that what comes late or twice changes nothing.
struct Preflights::Run {
  Situation situation;
  Means means;
  Checks known;
  MonoTime began{};
  MonoTime deadline{};
  std::string id;
  Completion<Checks> done;
  std::vector<Finding> findings{};
  std::optional<std::size_t> proof{};  // which of them waits for the proof to come back
  bool came_back = false;
  bool begun = false;  // all that is to be found out has its place

  bool is_whole() const {
    return begun && std::ranges::all_of(findings, [](const auto& finding) { return finding.found.has_value(); });
  }
};

void Preflights::begin(Plan plan, const PreflightQuery& query, Completion<Checks> done) {
  if (running_) return done(fail(ErrorCode::unavailable, "another preflight is under way; try again in some seconds"));
  const auto now = parts_.clock.now();
  plan.situation.now = now;
  plan.situation.deadline = now.mono + timeout - margin;
  running_ = std::make_shared<Run>(Run{std::move(plan.situation), std::move(plan.means), std::move(plan.known),
                                       now.mono, now.mono + timeout, parts_.random.id(), std::move(done)});
  const auto run = running_;
  ask_gate(run, plan.gate);
  for (const auto& look : looks)
    if (!look.acts || query.acts)
      find(run, {look.name}, [run, at = look.at] { return at(run->situation, run->means); });
  if (query.message)
    for (const auto& addressee : preflight::addressees(run->situation, run->means, run->id))
      find(run, {"message", addressee.name}, [run, tell = addressee.tell] { return Checks{tell()}; });
  if (query.acts) send_proof(run);
  run->begun = true;
  parts_.wake();
}

void Preflights::find(const RunPtr& run, Finding finding, std::function<Checks()> look) {
  const auto index = run->findings.size();
  run->findings.push_back(std::move(finding));
  run_blocking(parts_.executor, Lane::preflight, std::move(look),
               [this, run, index](Checks found) { take(run, index, std::move(found)); });
}

void Preflights::ask_gate(const RunPtr& run, const std::function<void(Completion<Checks>)>& gate) {
  const auto index = run->findings.size();
  run->findings.push_back({"gate"});
  gate([this, run, index](const Result<Checks>& checks) {
    if (checks) return take(run, index, *checks);
    take(run, index, {{"gate", model::CheckState::unknown, checks.error().message, ""}});
  });
}

void Preflights::send_proof(const RunPtr& run) {
  run->proof = run->findings.size();
  run->findings.push_back({"alert_path"});
  run_blocking(
      parts_.executor, Lane::preflight,
      [run] {
        return preflight::push_proof(run->situation, run->means, run->id, run->situation.now.wall + proof_fires_for);
      },
      [this, run](const Result<void>& pushed) {
        if (!pushed) take(run, *run->proof, {preflight::not_pushed(pushed.error())});
      });
}

void Preflights::alert_arrived(const model::Labels& labels) {
  const auto run = running_;
  if (!run || run->came_back || alerts::proof_of(labels) != run->id) return;
  run->came_back = true;
  end_proof(run, parts_.clock.now().mono - run->began);
}

// Whoever looks at Alertmanager need not see it for its two minutes.
void Preflights::end_proof(const RunPtr& run, std::optional<Duration> came_back_after) {
  run_blocking(
      parts_.executor, Lane::preflight,
      [run, at = parts_.clock.now().wall] { return preflight::push_proof(run->situation, run->means, run->id, at); },
      [this, run, came_back_after](const Result<void>& ended) {
        if (came_back_after) take(run, *run->proof, {preflight::came_back(*came_back_after, ended)});
      });
}

void Preflights::take(const RunPtr& run, std::size_t index, Checks found) {
  auto& finding = run->findings.at(index);
  if (finding.found) return;
  finding.found = std::move(found);
  if (run == running_ && run->is_whole()) report();
}

MonoTime Preflights::tick() {
  if (!running_) return MonoTime::max();
  const auto now = parts_.clock.now().mono;
  if (now < running_->deadline) return running_->deadline;
  const auto run = running_;
  for (std::size_t i = 0; i < run->findings.size(); ++i) {
    auto& finding = run->findings[i];
    if (finding.found) continue;
    const bool lost = i == run->proof && !run->came_back;
    finding.found = {lost ? preflight::lost_on_the_way(run->means, now - run->began) : finding.not_in_time()};
    if (lost) end_proof(run, std::nullopt);
  }
  report();
  return MonoTime::max();
}

void Preflights::report() {
  const auto run = std::exchange(running_, nullptr);
  auto checks = std::move(run->known);
  for (auto& finding : run->findings)
    checks.insert(checks.end(), std::make_move_iterator(finding.found->begin()),
                  std::make_move_iterator(finding.found->end()));
  run->done(std::move(checks));
}

}  // namespace guard::engine
