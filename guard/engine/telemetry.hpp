// SPDX-License-Identifier: Apache-2.0
//
// The seam through which the engine counts what happens; exporters/ turns it into Prometheus metrics. Called on the
// loop thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/decision.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/release.hpp"
#include "guard/receivers/answer.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace guard::engine {

enum class AlertIntake { fresh, duplicate, own, invalid, refused, denied };

// What became of an event that another system sent.
enum class EventIntake { taken, unchanged, ignored, invalid, refused, denied };

// What happened to one release, each once, also over a restart.
struct DecisionMade {
  model::DecisionKind kind = model::DecisionKind::hold;
  model::Brake brake = model::Brake::none;
  bool by_person = false;
  std::optional<model::DecisionKind> overruled;  // what a person's abort set aside
};
struct RollbackFinished {
  model::Trigger trigger = model::Trigger::objective;
  model::CallState result = model::CallState::none;
  std::optional<Duration> since_breach;  // from the first breach reading to the confirmed hook
};
// It was judged to its end. A release is judged and may fail once, though it may end twice.
struct Judged {};
// It ended breached, or its rollback was called or failed.
struct Failed {};
// At each end: one rolled back after it passed has two.
struct Ended {
  model::Phase outcome = model::Phase::passed;
};
using ReleaseEvent = std::variant<DecisionMade, RollbackFinished, Judged, Failed, Ended>;

class Telemetry {
 public:
  virtual ~Telemetry() = default;
  virtual void happened(const ReleaseEvent& event) = 0;
  virtual void evaluated(model::Outcome outcome) = 0;
  virtual void queried(Duration took, bool ok) = 0;
  virtual void round_missed() = 0;  // an evaluation round was due while the last one still ran
  virtual void hook_attempted(std::string_view kind, model::AttemptResult result, Duration took) = 0;
  virtual void journal_committed(Duration took, bool ok) = 0;
  virtual void alerts_received(AlertIntake result, std::size_t count) = 0;
  virtual void event_received(EventIntake result) = 0;
  virtual void reloaded(bool ok, WallTime at) = 0;
  virtual void alert_targets(std::size_t count) = 0;  // Alertmanagers that are told of the guard's own alerts
  virtual void alerts_pushed(std::size_t target, bool ok, WallTime at) = 0;
  virtual void receivers(const std::vector<std::string>& names) = 0;  // who is told by the guard itself
  virtual void notified(const std::string& receiver, std::optional<receivers::FailureReason> failure) = 0;
};

}  // namespace guard::engine

namespace guard {

template <>
struct EnumNames<engine::AlertIntake> {
  using A = engine::AlertIntake;
  static constexpr std::array table{EnumName<A>{A::fresh, "fresh"},     EnumName<A>{A::duplicate, "duplicate"},
                                    EnumName<A>{A::own, "own"},         EnumName<A>{A::invalid, "invalid"},
                                    EnumName<A>{A::refused, "refused"}, EnumName<A>{A::denied, "denied"}};
};

template <>
struct EnumNames<engine::EventIntake> {
  using E = engine::EventIntake;
  static constexpr std::array table{EnumName<E>{E::taken, "taken"},     EnumName<E>{E::unchanged, "unchanged"},
                                    EnumName<E>{E::ignored, "ignored"}, EnumName<E>{E::invalid, "invalid"},
                                    EnumName<E>{E::refused, "refused"}, EnumName<E>{E::denied, "denied"}};
};

}  // namespace guard
