// SPDX-License-Identifier: Apache-2.0
//
// The real listener on a real loopback port before a guard that is fake, with clients that speak bytes, so that they
// can misbehave in every way. Everything runs in the test's own thread: who waits for something runs the loop.
#pragma once

#include "guard/api/server.hpp"
#include "tests/engine/harness.hpp"
#include "tests/support/views.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

namespace guard::test {

inline engine::Health well() {
  engine::Health health;
  health.ready = true;
  return health;
}

// Keeps what it is asked, and answers what the test says; an answer that is held waits for the test.
class FakeGuard final : public engine::GuardService {
 public:
  void announce(engine::Announcement announcement, engine::Completion<engine::Announced> done) override;
  void order(engine::Order order, engine::Completion<story::ReleaseView> done) override;
  void take_event(engine::DeploymentEvent told, engine::Completion<engine::DeploymentEventTaken> done) override;
  void signal(engine::SignalPost post, engine::Completion<story::ReleaseView> done) override;
  void receive(alerts::Notification notification, engine::Completion<engine::Intake> done) override;
  void begin_freeze(model::Freeze freeze, engine::Completion<engine::Frozen> done) override;
  void end_freeze(engine::FreezeEnd end, engine::Completion<model::Freeze> done) override;
  std::vector<model::Freeze> freezes() const override { return frozen; }
  void gate(engine::GateQuery query, engine::Completion<std::vector<model::Check>> done) override {
    gates.push_back(std::move(query));
    give(std::move(done), checks);
  }
  Result<story::ReleaseView> release(const std::string& id) const override;
  std::vector<story::ReleaseView> releases(const engine::ReleaseFilter& filter) const override;
  story::DeliveryView figures(const engine::FiguresQuery& query) const override {
    figured.push_back(query);
    return delivery;
  }
  void timeline(store::TimelineQuery query, engine::Completion<store::TimelinePage> done) override;
  void series(engine::SeriesQuery query, engine::Completion<story::SeriesView> done) override;
  void what_if(engine::WhatIfQuery query, engine::Completion<engine::WhatIfAnswer> done) override;
  void check_rules(engine::RuleText text, engine::Completion<config::Findings> done) override;
  void rule_series(engine::RuleText text, int line, engine::Completion<story::SeriesView> done) override;
  void preflight(engine::PreflightQuery query, engine::Completion<story::PreflightView> done) override;
  void reload(engine::Completion<std::string> done) override;
  engine::Health health() const override { return condition; }
  std::vector<std::string> environments() const override { return {"production", "staging"}; }
  std::shared_ptr<const config::Settings> settings() const override { return configuration; }
  void reach(engine::Completion<engine::Reached> done) override { give(std::move(done), reached); }

  // Gives the answers that were held.
  void answer();
  // Gives each of them twice, which no guard should.
  void answer_twice();

  bool hold = false;
  std::vector<model::ReleaseSpec> announced;
  std::vector<bool> replacing;  // for each: it replaces what is live
  std::vector<std::string> actors;
  std::vector<engine::Order> orders;
  std::vector<engine::DeploymentEvent> news;
  Result<engine::DeploymentEventTaken> taken =
      engine::DeploymentEventTaken{engine::DeploymentEventResult::announced, "r1", "version v2 is live"};
  std::vector<engine::SignalPost> posts;
  std::vector<alerts::Notification> notifications;
  std::vector<model::Freeze> begun;
  std::vector<engine::FreezeEnd> ended;
  std::vector<model::Freeze> frozen;
  std::optional<Error> freeze_refusal;
  std::vector<engine::GateQuery> gates;
  Result<std::vector<model::Check>> checks = std::vector<model::Check>{};
  std::vector<std::string> timelines;
  std::vector<store::TimelineQuery> pages;
  std::vector<engine::SeriesQuery> drawn;
  std::vector<engine::WhatIfQuery> trials;
  std::vector<engine::RuleText> texts;
  std::vector<int> lines;
  mutable std::vector<engine::ReleaseFilter> filters;
  mutable std::vector<engine::FiguresQuery> figured;
  story::DeliveryView delivery;
  Result<engine::Announced> announcement = engine::Announced{full_view(), true};
  Result<story::ReleaseView> view = full_view();
  Result<engine::Intake> intake = engine::Intake{2, 1};
  Result<store::TimelinePage> events = store::TimelinePage{some_timeline()};
  Result<story::SeriesView> chart = story::SeriesView{};
  Result<engine::WhatIfAnswer> trial = fail(ErrorCode::unavailable, "no past");
  Result<config::Findings> findings = config::Findings{};
  std::vector<engine::PreflightQuery> preflights;
  Result<story::PreflightView> before = story::PreflightView{};
  Result<std::string> reloading = std::string("the configuration was reloaded");
  engine::Health condition = well();
  std::shared_ptr<config::Settings> configuration = std::make_shared<config::Settings>();
  Result<engine::Reached> reached = engine::Reached{};

 private:
  template <class T>
  void give(engine::Completion<T> done, Result<T> what);

  std::vector<std::function<void()>> held_;
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The message of an error.
  std::string error() const;
};

api::Program program_of_tests();
config::TokenSettings token(const std::string& name, config::Role role);  // its secret is "<name>-secret"

class Host {
 public:
  struct Setup {
    api::Limits limits;
    std::vector<config::TokenSettings> tokens;
    std::optional<config::WebTls> tls;
    std::string address = "127.0.0.1:0";
    std::string route_prefix = {};
    std::vector<config::WebPassword> passwords = {};
    std::vector<config::ClientName> users = {};
    api::Headers headers = {};
  };
  Host() : Host(Setup{}) {}
  explicit Host(Setup setup);

  // Whom the setup knows.
  api::Gatekeeper gatekeeper(const Setup& setup);
  // What is done aside waits here where it is held; otherwise it is done at once.
  bool hold_aside = false;
  std::deque<std::function<void()>> aside;

  // Runs the loop until `condition` holds; false if it never does.
  bool until(const std::function<bool()>& condition);
  // Runs what is ready now.
  void settle();

  boost::asio::io_context loop;
  StepClock clock;
  EvenRandom random;
  CountingTelemetry telemetry;
  std::vector<std::string> lines;  // of the log
  Log log{clock, LogLevel::info, LogFormat::logfmt, [this](std::string_view line) { lines.emplace_back(line); }};
  FakeGuard guard;
  api::Router router;
  std::unique_ptr<api::Server> server;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop.get_executor()};
};

// How a client's bytes travel; TLS is in tls_client.hpp.
class Channel {
 public:
  virtual ~Channel() = default;
  // Bytes taken or got now; 0: none now; -1: the connection has ended.
  virtual long write(std::string_view bytes) = 0;
  virtual long read(char* into, std::size_t size) = 0;
  // Says that nothing more will be written.
  virtual void end_writing() = 0;
};

// One over a socket that is connected to "127.0.0.1:8929".
std::unique_ptr<Channel> plain_channel(const std::string& address);

// A loopback socket that does not block, connected to the host.
int connect_to(const Host& host);

class Client {
 public:
  explicit Client(Host& host);
  Client(Host& host, std::unique_ptr<Channel> channel) : host_(host), channel_(std::move(channel)) {}

  // Sends all of it, or as much as the other side takes before it closes.
  void send(std::string_view bytes);
  // The next answer; status 0 where the connection ended without one. The answer to HEAD has no body.
  Answer receive(bool head = false);
  Answer ask(std::string_view bytes);
  // Waits until the other side has closed; what it sent before is dropped.
  bool is_closed();
  // Sends nothing more, and still listens.
  void end_sending();
  // All that came until the other side closed.
  std::string receive_all();
  // Ends the connection.
  void leave() { channel_.reset(); }
  // Bytes that came and have not been received as an answer.
  bool has_more();

 private:
  bool read_more();

  Host& host_;
  std::unique_ptr<Channel> channel_;
  std::string got_;
  bool ended_ = false;
};

// A well-formed request as bytes, with Host and, where there is a body, Content-Length and Content-Type.
struct Request {
  std::string method = "GET";
  std::string target = "/-/healthy";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string token;

  std::string bytes() const;
};
std::string get(const std::string& target, const std::string& token = "");
std::string post(const std::string& target, const std::string& body, const std::string& token = "");

}  // namespace guard::test
