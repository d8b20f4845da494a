// SPDX-License-Identifier: Apache-2.0
//
// Where the listener listens: addresses, or sockets that whoever started the guard has bound already
// (systemd.socket(5)). Loop thread only.
#pragma once

#include "guard/base/error.hpp"

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace guard::api {

struct Bound {
  boost::asio::ip::tcp::acceptor acceptor;
  boost::asio::ip::tcp::endpoint endpoint;
};

// Who may reach them.
enum class Reach { anyone, this_machine };

// Binds every address (host:port; port 0: any free one) and listens there; nothing is accepted yet. Fails, naming the
// address, with invalid (no address, or not only this machine's) or unavailable (it is taken).
Result<std::vector<Bound>> bind_addresses(boost::asio::io_context& loop, const std::vector<std::string>& addresses,
                                          Reach reach);

// Takes over sockets that listen already. Fails with invalid where one is no such socket of TCP, or is open to others
// than it may be.
Result<std::vector<Bound>> take_sockets(boost::asio::io_context& loop, const std::vector<int>& descriptors,
                                        Reach reach);

// "127.0.0.1:8929", "[::1]:8929".
std::string shown(const boost::asio::ip::tcp::endpoint& endpoint);

// A hook's process must not hold the port or a client's connection after the guard has gone.
void keep_from_children(int descriptor);

}  // namespace guard::api
