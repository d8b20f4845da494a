// SPDX-License-Identifier: Apache-2.0
#include "guard/api/event_session.hpp"

#include "guard/api/alarm.hpp"

#include <array>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>

namespace guard::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

// Without a length: the end of the connection is the end of the stream, in HTTP/1.0 as in 1.1.
constexpr const char* fixed_head =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream\r\n"
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Accel-Buffering: no\r\n"  // nginx in front passes each event on at once
    "Connection: close\r\n";
constexpr const char* beat = ": beat\n\n";

std::string head_with(const Headers& headers) {
  std::string head = fixed_head;
  for (const auto& [name, value] : headers)
    if (name != "X-Content-Type-Options") head.append(name).append(": ").append(value).append("\r\n");
  return head + "\r\n: open\n\n";
}

template <class Stream>
class EventSession final : public Connection, public std::enable_shared_from_this<EventSession<Stream>> {
 public:
  EventSession(Stream stream, SessionsPtr sessions, std::shared_ptr<Feed> feed)
      : stream_(std::move(stream)),
        sessions_(std::move(sessions)),
        feed_(std::move(feed)),
        alarm_(stream_.get_executor()) {
    sessions_->open.push_back(this);
  }
  ~EventSession() override { std::erase(sessions_->open, this); }
  EventSession(const EventSession&) = delete;
  EventSession& operator=(const EventSession&) = delete;

  void start() {
    feed_->on_wake([weak = this->weak_from_this()] {
      if (const auto self = weak.lock()) self->wake();
    });
    listen();
    write(head_with(sessions_->headers));
  }

  Standing standing() const override { return Standing::busy; }
  const std::string& sender() const override { return sender_; }
  void end() override { drop(); }
  void give_way() override { drop(); }

 private:
  // writing: an event is on its way; resting: the shortest time between two is not over; waiting: for the feed.
  enum class Stage { writing, resting, waiting };

  // The client has nothing more to say: whatever comes, also its end, is the end of the stream.
  void listen() {
    stream_.async_read_some(asio::buffer(scrap_),
                            [self = this->shared_from_this()](error_code, std::size_t) { self->drop(); });
  }

  void wake() {
    if (feed_->ended()) return drop();
    if (stage_ == Stage::waiting) go_on();
  }

  void go_on() {
    auto event = feed_->take();
    if (!event.empty()) return write(std::move(event));
    stage_ = Stage::waiting;
    alarm_.set(sessions_->limits.feed_beat, [this] { write(beat); });
  }

  void write(std::string text) {
    stage_ = Stage::writing;
    text_ = std::move(text);
    alarm_.set(sessions_->limits.write_time, [this] { drop(); });
    asio::async_write(stream_, asio::buffer(text_), [self = this->shared_from_this()](error_code error, std::size_t) {
      if (error || self->sessions_->stopping) return self->drop();
      self->stage_ = Stage::resting;
      self->alarm_.set(self->sessions_->limits.feed_rest, [raw = self.get()] { raw->go_on(); });
    });
  }

  void drop() {
    stage_ = Stage::writing;
    alarm_.stop();
    error_code ignored;
    boost::beast::get_lowest_layer(stream_).close(ignored);
  }

  Stream stream_;
  SessionsPtr sessions_;
  std::shared_ptr<Feed> feed_;
  Alarm alarm_;  // the next beat, the end of a rest, or of the time to write
  std::string text_;
  std::array<char, 256> scrap_{};
  Stage stage_ = Stage::writing;
  const std::string sender_ = "a reader of the feed";
};

}  // namespace

void start_event_session(Tcp::socket stream, SessionsPtr sessions, std::shared_ptr<Feed> feed) {
  std::make_shared<EventSession<Tcp::socket>>(std::move(stream), std::move(sessions), std::move(feed))->start();
}

void start_event_session(TlsStream stream, SessionsPtr sessions, std::shared_ptr<Feed> feed) {
  std::make_shared<EventSession<TlsStream>>(std::move(stream), std::move(sessions), std::move(feed))->start();
}

}  // namespace guard::api
