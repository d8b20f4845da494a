// SPDX-License-Identifier: Apache-2.0
//
// What the outside may ask of the guard: the seam between guard/api and the engine. All calls and all completions
// happen on the loop thread; a completion may run before its call returns. A completion with a value means: durable.
#pragma once

#include "guard/alerts/webhook.hpp"
#include "guard/config/changed_rule.hpp"
#include "guard/config/findings.hpp"
#include "guard/model/check.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/order.hpp"
#include "guard/replay/what_if.hpp"
#include "guard/store/store.hpp"
#include "guard/story/delivery_view.hpp"
#include "guard/story/views.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guard::config {
struct Settings;
}

namespace guard::engine {

template <class T>
using Completion = std::function<void(Result<T>)>;

// Who asks, as the timeline and the logs will name them.
struct Actor {
  std::string name;
};

struct Order {
  model::Verb verb = model::Verb::live;
  std::string release;
  Actor actor;
  std::string reason;               // a person's words; may be empty
  std::optional<WallTime> live_at;  // verb live: when it went live, if not now
  std::string to = {};              // verb rollback: the version to go back to, if not the one before
};

// A release as its pipeline announces it.
struct Announcement {
  model::ReleaseSpec spec;
  Actor actor;
  bool replaces_what_is_live = false;  // the previous version was not named: it is what is live in the place
  bool is_found = false;               // the guard found it running: what would refuse it is told instead
};

enum class DeploymentState { begun, live, failed };

// What another system tells of a deployment. It may tell it twice, late, and in another order than it happened.
struct DeploymentEvent {
  model::ReleaseSpec spec;  // the same id for all that is told of one deployment; previous_version may be empty
  Actor actor;
  DeploymentState state = DeploymentState::live;
  WallTime at{};      // when it happened there
  std::string words;  // of a failure; may be empty
};

// What became of such news; `release` is the one that it is about, if there is one.
enum class DeploymentEventResult { announced, live, aborted, unchanged };

struct DeploymentEventTaken {
  DeploymentEventResult result = DeploymentEventResult::unchanged;
  std::string release;
  std::string reason;  // in words
};

struct SignalPost {
  std::string release;
  std::string name;
  model::Signal signal;
  Actor actor;
};

// A person ends a freeze before its time.
struct FreezeEnd {
  std::string id;  // of the freeze, or of the release that began it
  Actor actor;
  std::string reason;  // a person's words; may be empty
};

struct Frozen {
  model::Freeze freeze;
  bool created = false;  // false: it had been begun before
};

// Whether a release like this may begin now.
struct GateQuery {
  std::string service;
  std::string environment;
  std::string version;  // empty: not told
  model::ReleaseKind kind = model::ReleaseKind::feature;
  bool from_preflight = false;  // by one that has not passed yet
};

struct Announced {
  story::ReleaseView release;
  bool created = false;  // false: this announcement had been made before
};

// One objective of one release, to be drawn.
struct SeriesQuery {
  std::string release;
  std::string slo;
};

// One rule of one release, as it is to be tried over the release's past.
struct WhatIfQuery {
  std::string release;
  std::string slo;
  config::RuleChange change;
};

struct WhatIfAnswer {
  replay::Trial trial;
  replay::WhatIf what_if;
};

// A rule file that somebody writes; `file` is how messages name it.
struct RuleText {
  std::string text;
  std::string file;
};

struct ReleaseFilter {
  model::Places places = {};
  bool open_only = false;
  bool needs_person_only = false;
  std::vector<model::Phase> phases{};  // none: any
  std::size_t limit = std::numeric_limits<std::size_t>::max();
};

// What is to be looked at before a release begins.
struct PreflightQuery {
  model::ReleaseSpec spec;  // service, environment, version, kind and labels count; the version may be empty
  bool acts = false;        // sends a test alert round and rehearses the hook
  bool message = false;     // sends a test message to people
};

// How releases went, over this long until now.
struct FiguresQuery {
  model::Places places;
  Duration since{0};
};

struct Intake {
  std::size_t received = 0;
  std::size_t fresh = 0;  // not heard before
};

// That the journal cannot be written.
struct StoreTrouble {
  std::string why;   // with all details
  WallTime since{};  // without a break

  bool operator==(const StoreTrouble&) const = default;
};

// What stands in the way of the guard's work, for /-/ready and for people; empty when all is well.
struct Health {
  std::vector<std::string> problems;  // for anyone: without paths and other programs' words
  bool ready = false;                 // the journal works and state is loaded: announcements and webhooks can be taken
  std::optional<StoreTrouble> store_trouble{};
  story::InForce in_force{};
  bool reload_failed = false;               // the last one; what was read before stays in force
  std::optional<WallTime> configured_at{};  // when what is in force was read
  std::map<std::string, bool>
      detection_blind{};  // each group that finds releases, and whether nobody can tell what runs
};

// Whether the servers that the guard asks answer it.
struct Reached {
  struct Server {
    std::string address;                 // scheme, host and port
    std::optional<std::string> problem;  // why it does not answer
  };
  std::vector<Server> prometheus;  // none where none is configured
  std::vector<Server> alertmanagers;
  WallTime at{};  // when they were asked
};

class GuardService {
 public:
  virtual ~GuardService() = default;
  // Fails with invalid (the body, or nothing is known to be live where it was not named), conflict (same id, other
  // body), not_found (no rule group matches), locked (a freeze), unavailable (the journal cannot take it now).
  virtual void announce(Announcement announcement, Completion<Announced> done) = 0;
  // Fails with not_found, conflict (the phase does not allow it, with the reason), locked (a freeze, for `live`),
  // unavailable.
  virtual void order(Order order, Completion<story::ReleaseView> done) = 0;
  // Announces the release, says that it is live, or aborts it, whichever the news mean now; what was told before, or is
  // older than what is live there, changes nothing. Fails as announce and order do.
  virtual void take_event(DeploymentEvent news, Completion<DeploymentEventTaken> done) = 0;
  virtual void signal(SignalPost post, Completion<story::ReleaseView> done) = 0;
  // Begins it now; `span.from` is not looked at. Fails with invalid (it would be over), conflict (the id names another
  // freeze, or a release), unavailable.
  virtual void begin_freeze(model::Freeze freeze, Completion<Frozen> done) = 0;
  // Fails with not_found, conflict (it is over), unavailable.
  virtual void end_freeze(FreezeEnd end, Completion<model::Freeze> done) = 0;
  // Those that are in force or to come.
  virtual std::vector<model::Freeze> freezes() const = 0;
  // Asks which alerts fire, where the rules of the place want to know.
  virtual void gate(GateQuery query, Completion<std::vector<model::Check>> done) = 0;
  // Fails with unavailable: Alertmanager must send it again.
  virtual void receive(alerts::Notification notification, Completion<Intake> done) = 0;
  virtual Result<story::ReleaseView> release(const std::string& id) const = 0;
  // Newest first.
  virtual std::vector<story::ReleaseView> releases(const ReleaseFilter& filter) const = 0;
  virtual story::DeliveryView figures(const FiguresQuery& query) const = 0;
  // Of all releases that are kept, each once, in order.
  virtual std::vector<std::string> environments() const = 0;
  virtual void timeline(store::TimelineQuery query, Completion<store::TimelinePage> done) = 0;
  // Asks the metrics source. Fails with not_found (release or objective), invalid (not a rule that has numbers, or its
  // query cannot be filled in), unavailable (no Prometheus, or too many ask), timeout.
  virtual void series(SeriesQuery query, Completion<story::SeriesView> done) = 0;
  // Judges the release again over its own past, by one rule as it is and as it is tried. Fails with not_found (release
  // or objective), invalid (the change, or it never went live), unavailable (no Prometheus, or too many ask), timeout.
  virtual void what_if(WhatIfQuery query, Completion<WhatIfAnswer> done) = 0;
  // What `release-guard check` finds in this text, on the server of this guard. Fails with unavailable or timeout.
  virtual void check_rules(RuleText text, Completion<config::Findings> done) = 0;
  // The last day of the rule that stands on this line of the text. Fails as series and check_rules.
  virtual void rule_series(RuleText text, int line, Completion<story::SeriesView> done) = 0;
  // Looks at all that a release will rest on, within 15 s. Fails with not_found (no rule group matches) or unavailable
  // (another one is under way).
  virtual void preflight(PreflightQuery query, Completion<story::PreflightView> done) = 0;
  // Reads the configuration again; on failure everything stays as it was and the error lists what is wrong.
  virtual void reload(Completion<std::string> done) = 0;
  virtual Health health() const = 0;
  // The configuration that is in force.
  virtual std::shared_ptr<const config::Settings> settings() const = 0;
  // Asks the servers, unless that was done a moment ago.
  virtual void reach(Completion<Reached> done) = 0;
};

}  // namespace guard::engine

namespace guard {

template <>
struct EnumNames<engine::DeploymentEventResult> {
  using N = engine::DeploymentEventResult;
  static constexpr std::array table{EnumName<N>{N::announced, "announced"}, EnumName<N>{N::live, "live"},
                                    EnumName<N>{N::aborted, "aborted"}, EnumName<N>{N::unchanged, "unchanged"}};
};

}  // namespace guard
