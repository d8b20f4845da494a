// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/harness.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <utility>

namespace guard::test {

using model::Samples;

void QueueExecutor::settle() {
  for (bool worked = true; worked;) {
    worked = false;
    for (auto& [lane, queue] : queues_) {
      if (held_.contains(lane) || queue.empty()) continue;
      auto [work, then] = std::move(queue.front());
      queue.pop_front();
      work();
      then();
      worked = true;
    }
  }
}

void QueueExecutor::finish(engine::Lane lane) {
  for (auto& [work, then] : std::exchange(queues_[lane], {})) {
    work();
    then();
  }
}

void QueueExecutor::lose_answers(engine::Lane lane) {
  for (auto& [work, then] : std::exchange(queues_[lane], {})) work();
}

std::size_t QueueExecutor::waiting(engine::Lane lane) const {
  const auto it = queues_.find(lane);
  return it == queues_.end() ? 0 : it->second.size();
}

std::optional<model::SourceError> FakeMetrics::refusal(Duration deadline) {
  longest_deadline = std::max(longest_deadline, deadline);
  if (takes <= deadline) return std::nullopt;
  return model::SourceError{model::Reason::query_failed, "no answer within " + format_duration(deadline), true};
}

Samples FakeMetrics::query(const metrics::InstantQuery& query) {
  ++asked;
  if (auto refused = refusal(query.deadline)) return std::unexpected(std::move(*refused));
  if (const auto value = answer ? answer(query) : std::nullopt)
    return std::vector<model::Sample>{{{}, *value, query.at}};
  if (const auto known = history.find(query.expr); known != history.end())
    return std::vector<model::Sample>{{{}, known->second(query.at), query.at}};
  const auto it = now.find(query.expr);
  if (it == now.end()) return std::vector<model::Sample>{};
  auto samples = it->second;
  if (samples)
    for (auto& sample : *samples)
      if (sample.at == WallTime{}) sample.at = query.at;
  return samples;
}

Samples FakeMetrics::query_raw(const metrics::InstantQuery& query) {
  ++asked;
  if (away) return std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  if (auto refused = refusal(query.deadline)) return std::unexpected(std::move(*refused));
  const auto bracket = query.expr.rfind('[');
  const auto range = parse_duration(query.expr.substr(bracket + 1, query.expr.size() - bracket - 2)).value();
  std::vector<model::Sample> out;
  for (const auto& sample : stored[query.expr.substr(0, bracket)])
    if (sample.at > query.at - range && sample.at <= query.at) out.push_back(sample);
  return out;
}

Samples FakeMetrics::query_range(const metrics::RangeQuery& query) {
  ++asked_past;
  if (auto refused = refusal(query.deadline)) return std::unexpected(std::move(*refused));
  std::vector<model::Sample> points;
  if (const auto known = history.find(query.expr); known != history.end()) {
    for (auto at = query.from; at <= query.to; at += query.step) points.push_back({{}, known->second(at), at});
    return points;
  }
  const auto it = past.find(query.expr);
  if (it == past.end()) return points;
  if (!it->second) return it->second;
  for (auto at = query.from; at <= query.to; at += query.step)
    for (auto sample : *it->second) {
      sample.at = at;
      points.push_back(sample);
    }
  return points;
}

hooks::HookResult FakeHook::call(const hooks::HookCall& call) {
  calls.push_back(call);
  hooks::HookResult result;
  result.result = model::AttemptResult::done;
  if (!results.empty()) {
    result.result = results.front();
    results.pop_front();
  }
  result.detail = "fake";
  result.retry_after = retry_after;
  result.may_still_run = may_still_run;
  return result;
}

std::optional<hooks::HookResult> FakeHook::recover(const hooks::HookCall& call) {
  recoveries.push_back(call);
  return recovery;
}

Samples one(double value) {
  return std::vector<model::Sample>{{{}, value, {}}};
}

alerts::Notification notification_of(const model::FiringAlert& alert, alerts::AlertStatus status) {
  alerts::Alert told;
  told.status = status;
  told.fingerprint = alert.fingerprint;
  told.labels = alert.labels;
  told.starts_at = alert.starts_at;
  return {alerts::group_name("{}:{}"), "release-guard", "", 0, {told}};
}

model::RuleGroup shop_group() {
  model::RuleGroup group;
  group.name = "shop-production";
  group.match = {*model::Matcher::parse("service=\"shop\""), *model::Matcher::parse("environment=\"production\"")};
  group.window = std::chrono::seconds(60);
  group.settle = std::chrono::seconds(5);
  group.interval = std::chrono::seconds(1);
  group.rollback = {"promote", model::Mode::enforce, std::chrono::seconds(30), std::chrono::hours(1)};
  model::Rule rule;
  rule.slo = "error_rate";
  rule.expr = *promql::TextTemplate::parse(error_rate, promql::TemplateKind::promql);
  rule.objective = {model::Comparison::less, 0.01, model::Unit::ratio, false};
  rule.breach.sustained = std::chrono::seconds(2);
  group.rules.push_back(rule);
  return group;
}

model::ReleaseSpec shop_release(const std::string& id, const std::string& version, const std::string& previous) {
  model::ReleaseSpec spec;
  spec.id = id;
  spec.service = "shop";
  spec.environment = "production";
  spec.version = version;
  spec.previous_version = previous;
  return spec;
}

World::World()
    : log(clock, LogLevel::debug, LogFormat::logfmt, [this](std::string_view line) { lines.emplace_back(line); }) {
  groups.push_back(shop_group());
  settings.prometheus = config::PrometheusSettings{{}, {}, std::chrono::seconds(10), false, {}, {}};
  settings.alertmanager.timeout = std::chrono::seconds(10);
  metrics->now[error_rate] = one(0.001);
  metrics->past[error_rate] = one(0.001);
  build();
}

engine::RuntimePtr World::runtime() const {
  auto current = settings;
  for (const auto& group : groups) current.groups.push_back(std::make_shared<model::RuleGroup>(group));
  auto out = std::make_shared<engine::Runtime>();
  out->settings = std::make_shared<config::Settings>(std::move(current));
  out->metrics = metrics;
  out->alerts = alerts;
  if (hook) out->hooks["promote"] = hook;
  for (const auto& [name, other] : more_hooks) out->hooks[name] = other;
  return out;
}

void World::build() {
  executor = std::make_unique<QueueExecutor>();
  journal = std::make_unique<MemoryStore>(disk);
  guard = std::make_unique<engine::Engine>(
      engine::Engine::Parts{*journal, *executor, telemetry, clock, random, log, [this] { return next_runtime; },
                            [this] { ++wakes; }, [](const engine::Runtime&) {}, std::chrono::hours(24 * 90), state},
      runtime());
  ASSERT_TRUE(guard->start());
}

void World::restart() {
  build();
}

void World::settle() {
  executor->settle();
}

void World::run(Duration time) {
  for (Duration done{0}; done < time; done += std::chrono::seconds(1)) {
    clock.step(std::chrono::seconds(1));
    guard->tick();
    settle();
  }
}

namespace {

// A completion that keeps what it was told.
template <class T>
engine::Completion<T> keep(std::optional<Result<T>>& slot) {
  return [&slot](Result<T> result) { slot = std::move(result); };
}

}  // namespace

Result<engine::Announced> World::announce(const model::ReleaseSpec& spec) {
  std::optional<Result<engine::Announced>> answer;
  guard->announce({spec, {"pipeline"}}, keep(answer));
  settle();
  return answer.value();
}

Result<story::ReleaseView> World::order(model::Verb verb, const std::string& id) {
  std::optional<Result<story::ReleaseView>> answer;
  guard->order({verb, id, {"anna"}, "", std::nullopt}, keep(answer));
  settle();
  return answer.value();
}

Result<story::ReleaseView> World::signal(const std::string& id, const std::string& name, bool succeeded) {
  std::optional<Result<story::ReleaseView>> answer;
  guard->signal({id, name, {succeeded, "", clock.now().wall}, {"pipeline"}}, keep(answer));
  settle();
  return answer.value();
}

Result<engine::Intake> World::receive(const alerts::Notification& notification) {
  std::optional<Result<engine::Intake>> answer;
  guard->receive(notification, keep(answer));
  settle();
  return answer.value();
}

}  // namespace guard::test
