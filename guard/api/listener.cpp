// SPDX-License-Identifier: Apache-2.0
#include "guard/api/binding.hpp"
#include "guard/api/server.hpp"
#include "guard/api/session.hpp"
#include "guard/api/tls.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace guard::api {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

// Connections that are told that there is no room, or have had their last answer, hold a descriptor each.
constexpr std::size_t least_beside = 4;
constexpr auto accept_pause = std::chrono::milliseconds(100);
// Where each new connection ends another, all get the time to say what they want: what waits for its turn in the kernel
// has been sent whole by then.
constexpr auto crowded_pause = std::chrono::milliseconds(2);

// Takes connections from one socket. Pending operations keep it alive, the Listener only stops it.
class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(Tcp::acceptor acceptor, SessionsPtr sessions)
      : acceptor_(std::move(acceptor)), pause_(acceptor_.get_executor()), sessions_(std::move(sessions)) {}

  void start() { accept(); }

  void stop() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  void accept() {
    acceptor_.async_accept([self = shared_from_this()](const error_code& error, Tcp::socket socket) {
      if (self->sessions_->stopping) return;
      // Out of descriptors or the like: trying again at once would spin.
      if (error) return self->out_of_descriptors();
      const bool crowded = self->full();
      self->take(std::move(socket));
      if (crowded) return self->accept_after(crowded_pause);
      self->accept();
    });
  }

  void out_of_descriptors() {
    if (auto* leaving = oldest(sessions_->open, Standing::leaving))
      leaving->give_way();
    else
      make_room();
    accept_after(accept_pause);
  }

  void accept_after(Duration pause) {
    pause_.expires_after(pause);
    pause_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error && !self->sessions_->stopping) self->accept();
    });
  }

  void take(Tcp::socket socket) {
    keep_from_children(socket.native_handle());
    if (count(sessions_->open, Standing::leaving) >= beside()) oldest(sessions_->open, Standing::leaving)->give_way();
    if (full() && !make_room()) return refuse(std::move(socket));
    if (sessions_->tls)
      start_tls_session(std::move(socket), *sessions_->tls, sessions_);
    else
      start_plain_session(std::move(socket), sessions_);
  }

  bool full() const {
    const auto& open = sessions_->open;
    return open.size() - count(open, Standing::leaving) >= sessions_->limits.connections;
  }

  // How many that are on their way out may be open beside the others.
  std::size_t beside() const { return std::max(least_beside, sessions_->limits.connections / 4); }

  bool make_room() {
    auto* connection = first_to_go(sessions_->open);
    if (connection != nullptr) connection->give_way();
    return connection != nullptr;
  }

  // To say 503 over TLS would take the handshake that there is no room for.
  void refuse(Tcp::socket socket) {
    if (!sessions_->tls && sessions_->open.size() < sessions_->limits.connections + beside())
      start_refusing_session(std::move(socket), sessions_);
  }

  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  SessionsPtr sessions_;
};

class Listener final : public Server {
 public:
  Listener(std::vector<Bound> bound, SessionsPtr sessions) : sessions_(std::move(sessions)) {
    for (auto& one : bound) {
      endpoints_.push_back(one.endpoint);
      acceptors_.push_back(std::make_shared<Acceptor>(std::move(one.acceptor), sessions_));
    }
    for (const auto& acceptor : acceptors_) acceptor->start();
  }
  ~Listener() override { end(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void stop() override { end(); }
  bool quiet() const override { return sessions_->open.empty(); }
  int port() const override { return endpoints_.front().port(); }

  std::vector<std::string> addresses() const override {
    std::vector<std::string> out;
    for (const auto& endpoint : endpoints_) out.push_back(shown(endpoint));
    return out;
  }

  Result<void> renew(const std::optional<config::WebTls>& tls, const Headers& headers) override {
    sessions_->headers = headers;
    if (tls.has_value() != (sessions_->tls != nullptr))
      return fail(ErrorCode::invalid, "tls_server_config was added or removed: restart the guard for that");
    if (!tls) return {};
    auto fresh = make_tls_context(*tls);
    if (!fresh) return std::unexpected(fresh.error());
    sessions_->tls = std::move(*fresh);
    // Others may count now than those whose certificates let them in.
    if (tls->client_ca_file)
      for (auto* connection : std::vector(sessions_->open)) connection->end();
    return {};
  }

 private:
  void end() {
    if (std::exchange(sessions_->stopping, true)) return;
    for (const auto& acceptor : acceptors_) acceptor->stop();
    for (auto* connection : std::vector(sessions_->open)) connection->end();
  }

  SessionsPtr sessions_;
  std::vector<Tcp::endpoint> endpoints_;
  std::vector<std::shared_ptr<Acceptor>> acceptors_;
};

}  // namespace

std::size_t connections_for(std::size_t descriptors) {
  return std::clamp<std::size_t>(descriptors / 4, 1, Limits{}.connections);
}

Result<std::unique_ptr<Server>> Server::listen(asio::io_context& loop, const ServerSettings& settings, Router& router) {
  const auto reach = router.without_tokens() ? Reach::this_machine : Reach::anyone;
  auto bound = settings.sockets.empty() ? bind_addresses(loop, settings.addresses, reach)
                                        : take_sockets(loop, settings.sockets, reach);
  if (!bound) return std::unexpected(bound.error());
  auto sessions = std::make_shared<Sessions>(Sessions{router, settings.limits, {}, false, nullptr, settings.headers});
  if (settings.tls) {
    auto context = make_tls_context(*settings.tls);
    if (!context) return std::unexpected(context.error());
    sessions->tls = std::move(*context);
  }
  return std::make_unique<Listener>(std::move(*bound), std::move(sessions));
}

}  // namespace guard::api
