// SPDX-License-Identifier: Apache-2.0
//
// A connection that has been answered with a feed: text/event-stream until one side ends it. It writes one event at a
// time and takes the next from the feed when that one is out; a reader that does not take an event within the write
// time is dropped. It owns itself until it ends. Loop thread only.
#pragma once

#include "guard/api/feed.hpp"
#include "guard/api/sessions.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace guard::api {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

// Takes over a connection whose request has been read whole.
void start_event_session(boost::asio::ip::tcp::socket stream, SessionsPtr sessions, std::shared_ptr<Feed> feed);
void start_event_session(TlsStream stream, SessionsPtr sessions, std::shared_ptr<Feed> feed);

}  // namespace guard::api
