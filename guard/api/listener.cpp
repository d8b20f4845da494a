// SPDX-License-Identifier: Apache-2.0
#include "guard/api/server.hpp"
#include "guard/api/session.hpp"
#include "guard/api/tls.hpp"
#include "guard/base/socket_address.hpp"

#include <algorithm>
#include <fcntl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

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

Result<Tcp::endpoint> endpoint_of(const std::string& text) {
  const auto parsed = parse_socket_address(text);
  if (!parsed)
    return fail(parsed.error().code, fmt::format("--web.listen-address {}: {}", text, parsed.error().message));
  error_code bad;
  const auto address = asio::ip::make_address(parsed->host, bad);
  if (bad) return fail(ErrorCode::invalid, fmt::format("--web.listen-address {}: {}", text, bad.message()));
  return Tcp::endpoint(address, parsed->port);
}

Result<void> not_open_to_all(const Tcp::endpoint& endpoint, const ServerSettings& settings, const Router& router) {
  if (!router.without_tokens() || endpoint.address().is_loopback()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("--web.listen-address {}: without `tokens` in the configuration anyone on the network could "
                          "order a rollback; configure tokens, or listen on 127.0.0.1",
                          settings.address));
}

std::unexpected<Error> cannot_listen(const std::string& address, const error_code& error) {
  const auto* advice = error == asio::error::address_in_use
                           ? "another guard or another program listens there: end it, or choose another port"
                           : "choose an address of this machine and a port this user may take";
  return fail(ErrorCode::unavailable, fmt::format("--web.listen-address {}: {}; {}", address, error.message(), advice));
}

// A hook's process must not hold the port or a client's connection after the guard has gone.
void keep_from_children(int descriptor) {
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

// Pending operations keep it alive, the Server only stops it.
class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(asio::io_context& loop, SessionsPtr sessions, TlsContextPtr tls)
      : acceptor_(loop), pause_(loop), sessions_(std::move(sessions)), tls_(std::move(tls)) {}

  // The port.
  std::expected<int, error_code> open(const Tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    // Only against TIME_WAIT; two guards on one port stay impossible (that would be SO_REUSEPORT).
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    const auto bound = error ? Tcp::endpoint() : acceptor_.local_endpoint(error);
    if (error) return std::unexpected(error);
    keep_from_children(acceptor_.native_handle());
    accept();
    return bound.port();
  }

  void stop() {
    if (sessions_->stopping) return;
    sessions_->stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (auto* connection : std::vector(sessions_->open)) connection->end();
  }

  bool quiet() const { return sessions_->open.empty(); }

  Result<void> renew_tls(const std::optional<config::WebTls>& settings) {
    if (settings.has_value() != (tls_ != nullptr))
      return fail(ErrorCode::invalid, "web.tls_server_config was added or removed: restart the guard for that");
    if (!settings) return {};
    auto fresh = make_tls_context(*settings);
    if (!fresh) return std::unexpected(fresh.error());
    tls_ = std::move(*fresh);
    return {};
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
    if (tls_)
      start_tls_session(std::move(socket), *tls_, sessions_);
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
    if (!tls_ && sessions_->open.size() < sessions_->limits.connections + beside())
      start_refusing_session(std::move(socket), sessions_);
  }

  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  SessionsPtr sessions_;
  TlsContextPtr tls_;
};

class Listener final : public Server {
 public:
  Listener(std::shared_ptr<Acceptor> acceptor, int port) : acceptor_(std::move(acceptor)), port_(port) {}
  ~Listener() override { acceptor_->stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void stop() override { acceptor_->stop(); }
  bool quiet() const override { return acceptor_->quiet(); }
  Result<void> renew_tls(const std::optional<config::WebTls>& tls) override { return acceptor_->renew_tls(tls); }
  int port() const override { return port_; }

 private:
  std::shared_ptr<Acceptor> acceptor_;
  int port_;
};

}  // namespace

std::size_t connections_for(std::size_t descriptors) {
  return std::clamp<std::size_t>(descriptors / 4, 1, Limits{}.connections);
}

Result<std::unique_ptr<Server>> Server::listen(asio::io_context& loop, const ServerSettings& settings, Router& router) {
  const auto endpoint = endpoint_of(settings.address);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (auto safe = not_open_to_all(*endpoint, settings, router); !safe) return std::unexpected(safe.error());
  TlsContextPtr tls;
  if (settings.tls) {
    auto context = make_tls_context(*settings.tls);
    if (!context) return std::unexpected(context.error());
    tls = std::move(*context);
  }
  auto sessions = std::make_shared<Sessions>(Sessions{router, settings.limits, {}, false});
  auto acceptor = std::make_shared<Acceptor>(loop, std::move(sessions), std::move(tls));
  const auto port = acceptor->open(*endpoint);
  if (!port) return cannot_listen(settings.address, port.error());
  return std::make_unique<Listener>(std::move(acceptor), *port);
}

}  // namespace guard::api
