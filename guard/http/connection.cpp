// SPDX-License-Identifier: Apache-2.0
#include "guard/http/connection.hpp"

#include "guard/base/duration.hpp"
#include "guard/http/resolver.hpp"
#include "guard/http/tls.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

namespace guard::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using Problem = boost::system::error_code;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint32_t largest_head = 64U << 10U;
constexpr std::size_t read_ahead = 128U << 10U;  // holds a whole head, and bounds what no cap counts, such as trailers

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_address(const std::string& host) {
  Problem problem;
  asio::ip::make_address(host, problem);
  return !problem;
}

beast::http::request<beast::http::string_body> message(const Outgoing& out, const Url& url) {
  beast::http::request<beast::http::string_body> request;
  request.method_string(out.request.method);
  request.target(out.target);
  const auto origin = url.origin();
  request.set(beast::http::field::host, origin.substr(origin.find("//") + 2));
  for (const auto& [name, value] : out.headers) request.insert(name, value);
  request.body() = out.request.body;
  request.prepare_payload();
  return request;
}

Response taken(Parser& parser) {
  auto& message = parser.get();
  Response response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
  for (const auto& field : message) response.headers.emplace(lower(field.name_string()), std::string(field.value()));
  return response;
}

bool ended_early(const Problem& problem) {
  return problem == beast::http::error::end_of_stream || problem == beast::http::error::partial_message;
}

Error broken(const Problem& problem) {
  if (problem == beast::http::error::header_limit || problem == beast::http::error::buffer_overflow)
    return {ErrorCode::broken, fmt::format("the head of the answer is larger than {} bytes", largest_head)};
  if (problem.category() == beast::http::make_error_code(beast::http::error::bad_status).category() &&
      !ended_early(problem))
    return {ErrorCode::broken, fmt::format("the answer is not HTTP ({})", problem.message())};
  return {ErrorCode::broken, fmt::format("the connection broke before the answer was whole ({})", problem.message())};
}

}  // namespace

struct Connection::Impl {
  Impl(Url to, const TlsSettings& tls_settings, std::unique_ptr<ssl::context> tls_context)
      : url(std::move(to)),
        name(tls_settings.server_name.empty() ? url.host : tls_settings.server_name),
        verify(!tls_settings.insecure_skip_verify),
        trust(std::move(tls_context)) {
    if (trust) tls.emplace(socket, *trust);
  }

  // Starts an operation and waits until it is over; the deadline ends it by closing the socket.
  template <class Start>
  Problem step(Start start) {
    if (late) return asio::error::timed_out;
    std::optional<Problem> done;
    context.restart();
    start([&done](const Problem& problem, const auto&...) { done = problem; });
    while (!done) context.run_one();
    return *done;
  }

  template <class Run>
  Problem on_stream(Run run) {
    return step([&](auto handler) {
      if (tls)
        run(*tls, std::move(handler));
      else
        run(socket, std::move(handler));
    });
  }

  void start_timer(Duration left) {
    timer.expires_after(left);
    timer.async_wait([this](const Problem& cancelled) {
      if (cancelled) return;
      late = true;
      Problem ignored;
      socket.close(ignored);
    });
  }

  void stop_timer() {
    timer.cancel();
    context.restart();
    context.poll();
  }

  // Connects, and shakes hands where the URL says https. All failures mean that nothing was sent.
  Result<void> connect(Duration left) {
    const auto addresses = resolve(url.host, left);
    if (!addresses) return std::unexpected(addresses.error());
    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : *addresses) endpoints.emplace_back(address, static_cast<std::uint16_t>(url.port));
    auto problem = step([&](auto handler) { asio::async_connect(socket, endpoints, std::move(handler)); });
    if (!problem) socket.set_option(tcp::no_delay(true), problem);
    if (!problem && tls) problem = shake_hands();
    if (late) return fail(ErrorCode::unavailable, "no connection within the deadline");
    if (!problem) return {};
    if (tls && SSL_get_verify_result(tls->native_handle()) != X509_V_OK)
      return fail(ErrorCode::unavailable,
                  "the server's certificate could not be verified; check tls_config.ca_file and server_name");
    return fail(ErrorCode::unavailable, fmt::format("cannot connect ({})", problem.message()));
  }

  Problem shake_hands() {
    if (!is_address(name))
      SSL_ctrl(tls->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    Problem problem;
    if (verify) tls->set_verify_callback(ssl::host_name_verification(name), problem);
    if (problem) return problem;
    return step([&](auto handler) { tls->async_handshake(ssl::stream_base::client, std::move(handler)); });
  }

  // Its head alone says all, however long a body it announces.
  static bool is_enough(Parser& parser, const Request& request, const Problem& problem) {
    const bool whole = !problem || problem == beast::http::error::body_limit;
    return request.success_needs_no_body && whole && parser.get().result_int() / 100 == 2;
  }

  Problem read_answer(std::optional<Parser>& parser, const Request& request) {
    do {
      parser.emplace();
      parser->header_limit(largest_head);
      parser->body_limit(request.max_response);
      if (request.method == "HEAD") parser->skip(true);
      const auto problem = on_stream([&](auto& stream, auto handler) {
        beast::http::async_read_header(stream, buffer, *parser, std::move(handler));
      });
      if (is_enough(*parser, request, problem)) return {};
      if (problem) return problem;
    } while (parser->get().result_int() < 200);  // an interim answer is not the answer
    return on_stream(
        [&](auto& stream, auto handler) { beast::http::async_read(stream, buffer, *parser, std::move(handler)); });
  }

  Result<Response> ask(const Outgoing& out, Duration left) {
    if (!connected)
      if (auto made = connect(left); !made) return std::unexpected(made.error());
    connected = false;  // until the answer is whole
    auto request = message(out, url);
    std::optional<Parser> parser;
    auto problem =
        on_stream([&](auto& stream, auto handler) { beast::http::async_write(stream, request, std::move(handler)); });
    if (!problem) problem = read_answer(parser, out.request);
    if (problem == beast::http::error::body_limit)
      return fail(ErrorCode::too_large, fmt::format("the answer is larger than {} bytes", out.request.max_response));
    if (late)
      return fail(ErrorCode::timeout, fmt::format("no whole answer within {}", format_duration(out.request.deadline)));
    if (problem) return std::unexpected(broken(problem));
    connected = parser->is_done() && parser->keep_alive();
    return taken(*parser);
  }

  Url url;
  std::string name;  // as the server's certificate must have it
  bool verify;
  asio::io_context context{1};
  asio::steady_timer timer{context};
  tcp::socket socket{context};
  std::unique_ptr<ssl::context> trust;
  std::optional<ssl::stream<tcp::socket&>> tls;
  beast::flat_buffer buffer{read_ahead};
  bool connected = false;
  bool late = false;
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::make(const Url& url, const TlsSettings& tls) {
  try {
    std::unique_ptr<ssl::context> context;
    if (url.tls) {
      auto made = make_tls_context(tls);
      if (!made) return std::unexpected(made.error());
      context = std::move(*made);
    }
    return std::unique_ptr<Connection>(new Connection(std::make_unique<Impl>(url, tls, std::move(context))));
  } catch (const std::exception& problem) {
    return fail(ErrorCode::internal, fmt::format("no connection can be made: {}", problem.what()));
  }
}

Result<Response> Connection::exchange(const Outgoing& out, Duration left) {
  try {
    impl_->start_timer(left);
    auto response = impl_->ask(out, left);
    impl_->stop_timer();
    return response;
  } catch (const std::exception& problem) {
    impl_->connected = false;
    return fail(ErrorCode::broken, fmt::format("the exchange failed: {}", problem.what()));
  }
}

bool Connection::reusable() const {
  Problem problem;
  return impl_->connected && impl_->buffer.size() == 0 && impl_->socket.available(problem) == 0 && !problem;
}

}  // namespace guard::http
