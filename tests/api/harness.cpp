// SPDX-License-Identifier: Apache-2.0
#include "tests/api/harness.hpp"

#include "guard/base/json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <boost/asio/post.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

namespace guard::test {
namespace {

constexpr auto patience = std::chrono::seconds(20);
constexpr auto step = std::chrono::milliseconds(2);

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(int descriptor) : descriptor_(descriptor) {}
  ~PlainChannel() override { ::close(descriptor_); }
  PlainChannel(const PlainChannel&) = delete;
  PlainChannel& operator=(const PlainChannel&) = delete;

  long write(std::string_view bytes) override {
    return what_came_of(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  long read(char* into, std::size_t size) override {
    const auto got = ::recv(descriptor_, into, size, 0);
    return got == 0 ? -1 : what_came_of(got);
  }
  void end_writing() override { ::shutdown(descriptor_, SHUT_WR); }

 private:
  static long what_came_of(ssize_t result) {
    if (result >= 0) return result;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
  }

  int descriptor_;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The head at the front of `bytes`, taken apart; nothing while it is not whole.
std::optional<std::pair<Answer, std::size_t>> read_head(const std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  Answer answer;
  answer.status = std::stoi(bytes.substr(bytes.find(' ') + 1, 3));
  for (auto at = bytes.find("\r\n") + 2; at < end + 2;) {
    const auto next = bytes.find("\r\n", at);
    const auto colon = bytes.find(": ", at);
    answer.headers[lower(bytes.substr(at, colon - at))] = bytes.substr(colon + 2, next - colon - 2);
    at = next + 2;
  }
  return std::pair(answer, end + 4);
}

std::size_t length_of(const Answer& answer) {
  const auto it = answer.headers.find("content-length");
  return it == answer.headers.end() ? 0 : std::stoul(it->second);
}

}  // namespace

template <class T>
void FakeGuard::give(engine::Completion<T> done, Result<T> what) {
  if (hold)
    held_.push_back([done = std::move(done), what = std::move(what)] { done(what); });
  else
    done(std::move(what));
}

void FakeGuard::answer() {
  for (auto& answer : std::exchange(held_, {})) answer();
}

void FakeGuard::answer_twice() {
  for (auto& answer : std::exchange(held_, {})) {
    answer();
    answer();
  }
}

void FakeGuard::announce(engine::Announcement made, engine::Completion<engine::Announced> done) {
  announced.push_back(std::move(made.spec));
  actors.push_back(std::move(made.actor.name));
  replacing.push_back(made.replaces_what_is_live);
  give(std::move(done), announcement);
}

void FakeGuard::order(engine::Order order, engine::Completion<story::ReleaseView> done) {
  orders.push_back(std::move(order));
  give(std::move(done), view);
}

void FakeGuard::take_event(engine::DeploymentEvent told, engine::Completion<engine::DeploymentEventTaken> done) {
  news.push_back(std::move(told));
  give(std::move(done), taken);
}

void FakeGuard::signal(engine::SignalPost post, engine::Completion<story::ReleaseView> done) {
  posts.push_back(std::move(post));
  give(std::move(done), view);
}

void FakeGuard::begin_freeze(model::Freeze freeze, engine::Completion<engine::Frozen> done) {
  const bool fresh = begun.empty() || begun.back().id != freeze.id;
  begun.push_back(freeze);
  if (freeze_refusal) return give<engine::Frozen>(std::move(done), std::unexpected(*freeze_refusal));
  give<engine::Frozen>(std::move(done), engine::Frozen{std::move(freeze), fresh});
}

void FakeGuard::end_freeze(engine::FreezeEnd end, engine::Completion<model::Freeze> done) {
  ended.push_back(std::move(end));
  if (freeze_refusal) return give<model::Freeze>(std::move(done), std::unexpected(*freeze_refusal));
  give<model::Freeze>(std::move(done), frozen.at(0));
}

void FakeGuard::receive(alerts::Notification notification, engine::Completion<engine::Intake> done) {
  notifications.push_back(std::move(notification));
  give(std::move(done), intake);
}

Result<story::ReleaseView> FakeGuard::release(const std::string& id) const {
  if (view && view->spec.id != id) return fail(ErrorCode::not_found, "there is no release \"" + id + "\"");
  return view;
}

std::vector<story::ReleaseView> FakeGuard::releases(const engine::ReleaseFilter& filter) const {
  filters.push_back(filter);
  return std::vector(std::min<std::size_t>(filter.limit, 3), *view);
}

void FakeGuard::timeline(store::TimelineQuery query, engine::Completion<store::TimelinePage> done) {
  timelines.push_back(query.release);
  pages.push_back(std::move(query));
  give(std::move(done), events);
}

void FakeGuard::series(engine::SeriesQuery query, engine::Completion<story::SeriesView> done) {
  drawn.push_back(std::move(query));
  give(std::move(done), chart);
}

void FakeGuard::what_if(engine::WhatIfQuery query, engine::Completion<engine::WhatIfAnswer> done) {
  trials.push_back(std::move(query));
  give(std::move(done), trial);
}

void FakeGuard::check_rules(engine::RuleText text, engine::Completion<config::Findings> done) {
  texts.push_back(std::move(text));
  give(std::move(done), findings);
}

void FakeGuard::rule_series(engine::RuleText text, int line, engine::Completion<story::SeriesView> done) {
  texts.push_back(std::move(text));
  lines.push_back(line);
  give(std::move(done), chart);
}

void FakeGuard::preflight(engine::PreflightQuery query, engine::Completion<story::PreflightView> done) {
  preflights.push_back(std::move(query));
  give(std::move(done), before);
}

void FakeGuard::reload(engine::Completion<std::string> done) {
  give(std::move(done), reloading);
}

std::string Answer::error() const {
  const auto value = parse_json(body);
  if (!value || !value->is_object() || !value->get_object().contains("error")) return "no error: " + body;
  return std::string(value->get_object().at("error").as_string());
}

config::TokenSettings token(const std::string& name, config::Role role) {
  return {name, role, Secret(name + "-secret")};
}

api::Program program_of_tests() {
  api::Program out{{"0.1.0-test", "abc", "2026-01-31", "GCC 12"}};
  out.flags = {{"config.file", "guard.yml"}, {"storage.retention", "90d"}};
  out.started = WallTime{std::chrono::seconds(1769860800)};
  out.folder = "/var/lib/guard";
  out.host = "web-7";
  return out;
}

Host::Host(Setup setup)
    : router({guard, telemetry, clock, random, log,
              [](api::ScrapeForm form, const auto& then) { then(form.open_metrics ? "up 1\n# EOF\n" : "up 1\n"); },
              program_of_tests(), setup.route_prefix,
              [this, path = setup.route_prefix + "/", tls = setup.tls.has_value()] {
                return api::Listening{server->addresses(), path, tls, false};
              }},
             gatekeeper(setup)) {
  auto listening = api::Server::listen(loop, {{setup.address}, setup.tls, setup.limits, {}, setup.headers}, router);
  if (!listening) throw std::runtime_error(listening.error().message);
  server = std::move(*listening);
}

api::Gatekeeper Host::gatekeeper(const Setup& setup) {
  api::Access access{setup.tokens};
  if (setup.tls) access.clients = setup.tls->clients;
  access.stay_signed_in = std::chrono::hours(12);
  access.users = setup.users;
  access.passwords = std::make_shared<api::Passwords>(Secret("key of this test"), [this](auto work, auto then) {
    aside.push_back([work = std::move(work), then = std::move(then)] {
      work();
      then();
    });
    if (hold_aside) return;
    boost::asio::post(loop, aside.back());
    aside.pop_back();
  });
  access.passwords->replace(setup.passwords);
  return api::Gatekeeper(std::move(access));
}

bool Host::until(const std::function<bool()>& condition) {
  for (Duration left = patience; !condition();) {
    if (left <= Duration{0}) return false;
    if (loop.run_one_for(step) == 0) left -= step;
  }
  return true;
}

void Host::settle() {
  while (loop.poll() > 0) {
  }
}

namespace {

int connect_to(const std::string& host, int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to the listener");
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return descriptor;
}

}  // namespace

int connect_to(const Host& host) {
  return connect_to("127.0.0.1", host.server->port());
}

std::unique_ptr<Channel> plain_channel(const std::string& address) {
  const auto colon = address.rfind(':');
  return std::make_unique<PlainChannel>(connect_to(address.substr(0, colon), std::stoi(address.substr(colon + 1))));
}

Client::Client(Host& host) : Client(host, std::make_unique<PlainChannel>(connect_to(host))) {}

void Client::send(std::string_view bytes) {
  host_.until([&] {
    const auto taken = channel_->write(bytes);
    if (taken < 0) bytes = {};
    if (taken > 0) bytes.remove_prefix(static_cast<std::size_t>(taken));
    return bytes.empty();
  });
  host_.settle();
}

bool Client::read_more() {
  std::array<char, 16384> buffer{};
  const auto got = channel_->read(buffer.data(), buffer.size());
  if (got < 0) ended_ = true;
  if (got > 0) got_.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

Answer Client::receive(bool head) {
  Answer answer;
  host_.until([&] {
    read_more();
    const auto read = read_head(got_);
    if (!read) return ended_;
    const auto length = head ? 0 : length_of(read->first);
    if (got_.size() < read->second + length) return ended_;
    answer = read->first;
    answer.body = got_.substr(read->second, length);
    got_.erase(0, read->second + length);
    return true;
  });
  return answer;
}

Answer Client::ask(std::string_view bytes) {
  send(bytes);
  return receive();
}

bool Client::is_closed() {
  return host_.until([this] {
    read_more();
    return ended_;
  });
}

void Client::end_sending() {
  channel_->end_writing();
}

std::string Client::receive_all() {
  is_closed();
  return std::exchange(got_, {});
}

bool Client::has_more() {
  host_.settle();
  read_more();
  return !got_.empty();
}

std::string Request::bytes() const {
  auto out = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!token.empty()) out += "Authorization: Bearer " + token + "-secret\r\n";
  if (!body.empty()) out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  for (const auto& [name, value] : headers) out.append(name).append(": ").append(value).append("\r\n");
  return out + "\r\n" + body;
}

std::string get(const std::string& target, const std::string& token) {
  return Request{"GET", target, {}, "", token}.bytes();
}

std::string post(const std::string& target, const std::string& body, const std::string& token) {
  return Request{"POST", target, {}, body, token}.bytes();
}

}  // namespace guard::test
