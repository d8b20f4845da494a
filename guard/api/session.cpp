// SPDX-License-Identifier: Apache-2.0
#include "guard/api/session.hpp"

#include "guard/api/alarm.hpp"
#include "guard/api/event_session.hpp"
#include "guard/api/head.hpp"
#include "guard/api/tls.hpp"
#include "guard/api/wire.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace guard::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr std::size_t read_size = 4096;
// Bytes left unread when a socket is closed make the kernel send a reset, which can overtake the answer: what a
// refused client still sends is read and forgotten for a while.
constexpr auto linger_time = std::chrono::seconds(2);
constexpr std::size_t linger_bytes = std::size_t{16} << 20U;
constexpr auto cancel_again = std::chrono::milliseconds(50);

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, SessionsPtr sessions)
      : stream_(std::move(stream)),
        sessions_(std::move(sessions)),
        operation_time_(stream_.get_executor()),
        request_time_(stream_.get_executor()),
        buffer_(sessions_->limits.head + read_size) {
    sessions_->open.push_back(this);
    error_code ignored;
    const auto peer = socket().remote_endpoint(ignored).address();
    peer_ = peer.to_string();
    from_this_machine_ = peer.is_loopback();
  }
  ~Session() override { std::erase(sessions_->open, this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() {
    if constexpr (is_tls) {
      within(limits().head_time);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        self->in_time();
        if (error) return;
        self->certified_names_ = certified_names(self->stream_.native_handle());
        self->await_request(self->limits().head_time);
      });
    } else {
      await_request(limits().head_time);
    }
  }

  void start_refusing() { refuse(error_response({ErrorCode::unavailable, "too many connections; try again later"})); }

  Standing standing() const override {
    if (stage_ == Stage::idle) return Standing::idle;
    if (stage_ == Stage::leaving) return Standing::leaving;
    if (!request_.actor.empty()) return stage_ == Stage::reading ? Standing::asking : Standing::busy;
    if (stage_ == Stage::handling) return Standing::busy;
    // Nor may one that takes no answer stay because it never showed a token.
    return stage_ == Stage::writing && !keep_alive_ ? Standing::leaving : Standing::stranger;
  }
  const std::string& sender() const override { return request_.actor.empty() ? peer_ : request_.actor; }
  void end() override {
    last_ = true;
    keep_alive_ = false;
    if (stage_ == Stage::idle) drop();
  }
  void give_way() override { drop(); }

 private:
  using Parser = http::request_parser<http::string_body>;
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;
  enum class Stage { idle, reading, handling, writing, leaving };

  Tcp::socket& socket() {
    if constexpr (is_tls)
      return stream_.next_layer();
    else
      return stream_;
  }
  const Limits& limits() const { return sessions_->limits; }

  // Cancels what the socket does when its time is over, and leaves it open, so that the client can be told why. An
  // operation of many reads or writes may be between two of them, where nothing is there to cancel: so again and again,
  // until it has ended.
  void within(Duration time) {
    operation_time_.set(time, [this] {
      cancel();
      within(cancel_again);
    });
  }
  void in_time() { operation_time_.stop(); }
  void cancel() {
    timed_out_ = true;
    error_code ignored;
    socket().cancel(ignored);
  }

  void await_request(Duration timeout) {
    stage_ = Stage::idle;
    forget_request();
    if (sessions_->stopping) return close();
    std::erase(sessions_->open, this);
    sessions_->open.push_back(this);
    if (buffer_.size() > 0) return receive_head();
    within(timeout);
    stream_.async_read_some(buffer_.prepare(read_size),
                            [self = this->shared_from_this()](error_code error, std::size_t size) {
                              self->in_time();
                              if (error) return self->close();
                              self->buffer_.commit(size);
                              self->receive_head();
                            });
  }

  // An idle connection keeps no memory but its buffer.
  void forget_request() {
    request_ = Request{};
    parser_.reset();
    response_.reset();
  }

  void begin_request() {
    stage_ = Stage::reading;
    timed_out_ = false;
    request_.peer = peer_;
    request_.from_this_machine = from_this_machine_;
    request_.certified_names = certified_names_;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits().head));
    // Who asks is looked at first: the limit on the body comes after the head.
    parser_->body_limit(boost::none);
    ++request_number_;
    request_time_.set(limits().request_time, [this] { out_of_time(); });
  }

  void out_of_time() {
    if (stage_ == Stage::reading) return cancel();
    refuse(error_response({ErrorCode::timeout,
                           "the guard has no answer yet; whether it did what was asked is open: look at the release, "
                           "then ask again"}));
  }

  void receive_head() {
    begin_request();
    within(limits().head_time);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code error, std::size_t) { self->got_head(error); });
  }

  void got_head(error_code error) {
    in_time();
    if (error) return refuse_unread(error, Part::head);
    if (auto read = read_head(head_of(parser_->get()), request_); !read) return refuse(std::move(read.error()));
    sessions_->router.look_at_password(request_, [self = this->shared_from_this(), number = request_number_] {
      if (self->request_number_ == number) self->admit();
    });
  }

  void admit() {
    if (timed_out_) return refuse_late();
    const auto route = sessions_->router.admit(request_);
    if (!route) return refuse(route.error());
    route_ = *route;
    if (parser_->content_length().value_or(0) > limits().body)
      return refuse_unread(http::error::body_limit, Part::body);
    parser_->body_limit(limits().body);
    if (parser_->get().version() == 11 && expects_continue(request_)) return send_continue();
    read_body();
  }

  void send_continue() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    within(limits().write_time);
    asio::async_write(stream_, asio::buffer(go_on), [self = this->shared_from_this()](error_code error, std::size_t) {
      self->in_time();
      if (error) return self->drop();
      self->read_body();
    });
  }

  // The request's time may have run out between two reads, when there was nothing to cancel.
  void read_body() {
    if (timed_out_) return refuse_late();
    if (parser_->is_done()) return handle();
    within(limits().stall_time);
    http::async_read_some(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) {
      self->in_time();
      if (error) return self->refuse_unread(error, Part::body);
      self->read_body();
    });
  }

  void handle() {
    stage_ = Stage::handling;
    keep_alive_ = parser_->get().keep_alive() && !sessions_->stopping && !last_;
    request_.body = std::move(parser_->get().body());
    route_->handler(request_, [self = this->shared_from_this(), number = request_number_](Response response) {
      if (self->request_number_ == number) self->write(std::move(response));
    });
  }

  void refuse_late() { refuse(error_response(408, {ErrorCode::timeout, "the request was not sent in time"})); }
  void refuse_unread(error_code error, Part part) {
    if (timed_out_) return refuse_late();
    refuse(answer_to(error, part, limits()));
  }

  // Answers and closes: what the client still sends is not worth reading.
  void refuse(std::optional<Response> response) {
    keep_alive_ = false;
    if (!response) return close();
    write(std::move(*response));
  }

  // Neither its timer nor a late reply has a say any more.
  void end_request() {
    ++request_number_;
    request_time_.stop();
  }

  void write(Response from) {
    end_request();
    stage_ = Stage::writing;
    if (from.feed && request_.method != "HEAD")
      return start_event_session(std::move(stream_), sessions_, std::move(from.feed));
    const bool is_http_1_0 = parser_ && parser_->get().version() == 10;
    response_ = wired(std::move(from), {is_http_1_0, request_.method == "HEAD", keep_alive_, sessions_->headers});
    within(limits().write_time);
    http::async_write(stream_, *response_, [self = this->shared_from_this()](error_code error, std::size_t) {
      self->in_time();
      if (error) return self->drop();
      if (!self->keep_alive_) return self->close();
      self->await_request(self->limits().idle_time);
    });
  }

  void close() {
    end_request();
    stage_ = Stage::leaving;
    if constexpr (is_tls) {
      within(linger_time);
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->linger(); });
    } else {
      linger();
    }
  }

  void linger() {
    error_code ignored;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    within(linger_time);
    discard();
  }

  void discard() {
    if (lingered_ > linger_bytes) return drop();
    socket().async_read_some(asio::buffer(scrap_),
                             [self = this->shared_from_this()](error_code error, std::size_t size) {
                               self->lingered_ += size;
                               if (error) return self->drop();
                               self->discard();
                             });
  }

  void drop() {
    in_time();
    stage_ = Stage::leaving;
    error_code ignored;
    socket().close(ignored);
  }

  Stream stream_;
  SessionsPtr sessions_;
  Alarm operation_time_;
  Alarm request_time_;  // until the guard has an answer
  boost::beast::flat_buffer buffer_;
  std::string peer_;
  bool last_ = false;  // it ends with the answer to the next request at the latest
  bool from_this_machine_ = false;
  std::vector<std::string> certified_names_;
  Stage stage_ = Stage::reading;
  std::optional<Parser> parser_;
  std::optional<http::response<http::string_body>> response_;
  Request request_;
  const Route* route_ = nullptr;
  std::array<char, read_size> scrap_{};
  std::size_t lingered_ = 0;
  std::uint64_t request_number_ = 0;  // numbers requests and their answers: a late reply is not the next one's
  bool keep_alive_ = false;
  bool timed_out_ = false;
};

}  // namespace

void start_plain_session(Tcp::socket socket, SessionsPtr sessions) {
  std::make_shared<Session<Tcp::socket>>(std::move(socket), std::move(sessions))->start();
}

void start_tls_session(Tcp::socket socket, asio::ssl::context& tls, SessionsPtr sessions) {
  std::make_shared<Session<TlsStream>>(TlsStream(std::move(socket), tls), std::move(sessions))->start();
}

void start_refusing_session(Tcp::socket socket, SessionsPtr sessions) {
  std::make_shared<Session<Tcp::socket>>(std::move(socket), std::move(sessions))->start_refusing();
}

}  // namespace guard::api
