// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/reach.hpp"

#include "guard/http/url.hpp"

#include <utility>

namespace guard::engine {
namespace {

constexpr Duration timeout = std::chrono::seconds(3);  // for all of one kind together
constexpr Duration fresh_for = std::chrono::seconds(5);

std::optional<std::string> trouble_of(const auto& there) {
  return there ? std::nullopt : std::optional(there.error().message);
}

Reached ask_all(const Runtime& runtime, WallTime now) {
  Reached out{{}, {}, now};
  const auto& settings = *runtime.settings;
  if (runtime.prometheus && settings.prometheus) {
    const auto there = runtime.prometheus->probe(timeout);
    out.prometheus.push_back({http::origin_of(settings.prometheus->http.url), trouble_of(there)});
  }
  if (!runtime.alertmanager) return out;
  const auto there = runtime.alertmanager->probe(timeout);
  for (std::size_t i = 0; i < there.size(); ++i)
    out.alertmanagers.push_back({http::origin_of(settings.alertmanager.servers.at(i).url), trouble_of(there[i])});
  return out;
}

}  // namespace

void Reach::ask(Completion<Reached> done) {
  const auto runtime = parts_.runtime();
  const auto now = parts_.clock.now();
  if (last_ && asked_of_ == runtime && now.mono - asked_at_ < fresh_for) return done(*last_);
  waiting_.push_back(std::move(done));
  if (waiting_.size() > 1) return;
  asked_of_ = runtime;
  asked_at_ = now.mono;
  run_blocking(
      parts_.executor, Lane::past, [runtime, at = now.wall] { return ask_all(*runtime, at); },
      [this](Reached reached) { answered(std::move(reached)); });
}

void Reach::answered(Reached reached) {
  last_ = std::move(reached);
  for (const auto& done : std::exchange(waiting_, {})) done(*last_);
}

}  // namespace guard::engine
