// SPDX-License-Identifier: Apache-2.0
#include "guard/api/binding.hpp"

#include "guard/base/socket_address.hpp"

#include <algorithm>
#include <fcntl.h>

#include <fmt/format.h>
#include <sys/socket.h>

namespace guard::api {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

Result<Tcp::endpoint> endpoint_of(const std::string& text) {
  const auto parsed = parse_socket_address(text);
  if (!parsed)
    return fail(parsed.error().code, fmt::format("--web.listen-address {}: {}", text, parsed.error().message));
  error_code bad;
  const auto address = asio::ip::make_address(parsed->host, bad);
  if (bad) return fail(ErrorCode::invalid, fmt::format("--web.listen-address {}: {}", text, bad.message()));
  return Tcp::endpoint(address, parsed->port);
}

Result<void> reaches_no_further(const Tcp::endpoint& endpoint, const std::string& name, Reach reach) {
  if (reach == Reach::anyone || endpoint.address().is_loopback()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("{}: without `tokens` in the configuration anyone on the network could order a rollback; "
                          "configure tokens, or listen on 127.0.0.1",
                          name));
}

// [::] takes the connections of IPv4 as well, where the machine does not say otherwise.
bool overlap(const Tcp::endpoint& a, const Tcp::endpoint& b) {
  if (a.port() != b.port() || a.port() == 0) return false;
  const bool one_is_all = a.address().is_unspecified() || b.address().is_unspecified();
  return a.address() == b.address() || one_is_all;
}

std::string advice_for(const error_code& error, const Tcp::endpoint& endpoint, const std::vector<Bound>& bound) {
  if (error != asio::error::address_in_use) return "choose an address of this machine and a port this user may take";
  const auto own = std::ranges::find_if(bound, [&](const Bound& other) { return overlap(other.endpoint, endpoint); });
  if (own == bound.end()) return "another guard or another program listens there: end it, or choose another port";
  return fmt::format("the guard itself listens there by --web.listen-address {}: leave one of them out",
                     shown(own->endpoint));
}

std::expected<Bound, error_code> bind(asio::io_context& loop, const Tcp::endpoint& endpoint) {
  Bound bound{Tcp::acceptor(loop), {}};
  auto& acceptor = bound.acceptor;
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Only against TIME_WAIT; two guards on one port stay impossible (that would be SO_REUSEPORT).
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) bound.endpoint = acceptor.local_endpoint(error);
  if (error) return std::unexpected(error);
  keep_from_children(acceptor.native_handle());
  return bound;
}

int option_of(int descriptor, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

// Why the guard cannot listen on it, or nothing.
std::string socket_problem(int descriptor) {
  const int family = option_of(descriptor, SO_DOMAIN);
  if ((family != AF_INET && family != AF_INET6) || option_of(descriptor, SO_TYPE) != SOCK_STREAM)
    return "it is no socket of TCP; write ListenStream=127.0.0.1:8929 in its unit";
  if (option_of(descriptor, SO_ACCEPTCONN) != 1) return "it does not listen; write Accept=no in its unit";
  return {};
}

}  // namespace

Result<std::vector<Bound>> bind_addresses(asio::io_context& loop, const std::vector<std::string>& addresses,
                                          Reach reach) {
  std::vector<Tcp::endpoint> endpoints;
  for (const auto& address : addresses) {
    const auto endpoint = endpoint_of(address);
    if (!endpoint) return std::unexpected(endpoint.error());
    if (const auto safe = reaches_no_further(*endpoint, "--web.listen-address " + address, reach); !safe)
      return std::unexpected(safe.error());
    endpoints.push_back(*endpoint);
  }
  std::vector<Bound> out;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    auto bound = bind(loop, endpoints[i]);
    if (!bound)
      return fail(ErrorCode::unavailable,
                  fmt::format("--web.listen-address {}: {}; {}", addresses[i], bound.error().message(),
                              advice_for(bound.error(), endpoints[i], out)));
    out.push_back(std::move(*bound));
  }
  return out;
}

Result<std::vector<Bound>> take_sockets(asio::io_context& loop, const std::vector<int>& descriptors, Reach reach) {
  std::vector<Bound> out;
  for (const int descriptor : descriptors) {
    if (const auto problem = socket_problem(descriptor); !problem.empty())
      return fail(ErrorCode::invalid, fmt::format("--web.systemd-socket: descriptor {}: {}", descriptor, problem));
    Bound bound{Tcp::acceptor(loop), {}};
    error_code error;
    bound.acceptor.assign(option_of(descriptor, SO_DOMAIN) == AF_INET6 ? Tcp::v6() : Tcp::v4(), descriptor, error);
    if (!error) bound.endpoint = bound.acceptor.local_endpoint(error);
    if (error)
      return fail(ErrorCode::invalid,
                  fmt::format("--web.systemd-socket: descriptor {}: {}", descriptor, error.message()));
    const auto name = "--web.systemd-socket " + shown(bound.endpoint);
    if (const auto safe = reaches_no_further(bound.endpoint, name, reach); !safe) return std::unexpected(safe.error());
    keep_from_children(descriptor);
    out.push_back(std::move(bound));
  }
  return out;
}

std::string shown(const Tcp::endpoint& endpoint) {
  auto address = endpoint.address().to_string();
  if (endpoint.address().is_v6()) address = "[" + address + "]";
  return fmt::format("{}:{}", address, endpoint.port());
}

void keep_from_children(int descriptor) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

}  // namespace guard::api
