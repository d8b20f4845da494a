// SPDX-License-Identifier: Apache-2.0
//
// The one file that includes cpp-httplib. What the library leaves open is closed here: its timeouts begin anew with
// each byte (Cutoff), it reads answers of any size (the receiver), it tries a name's addresses without a deadline (they
// are handed to it one by one), it writes into broken connections with SIGPIPE, and it does not say why it could not
// connect. What stays open: a head has no largest size, and a status line of megabytes, which the library reads by
// recursion, ends the process. Whoever answers at --server can do that, to one command that fails anyway.
#include "guard/base/file.hpp"
#include "guard/client/cutoff.hpp"
#include "guard/client/transport.hpp"
#include "guard/http/resolver.hpp"
#include "guard/http/url.hpp"

#include <algorithm>
#include <csignal>
#include <httplib.h>
#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <system_error>

namespace guard::client {
namespace {

using boost::asio::ip::address;

// While this lives, a connection that the other side has closed is an error and not the end of the process.
class IgnoredPipeSignal {
 public:
  IgnoredPipeSignal() {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoredPipeSignal() { ::sigaction(SIGPIPE, &before_, nullptr); }
  IgnoredPipeSignal(const IgnoredPipeSignal&) = delete;
  IgnoredPipeSignal& operator=(const IgnoredPipeSignal&) = delete;

 private:
  struct sigaction before_{};
};

// Why there is no connection, found by trying again: at once refused and unreachable are what can be told apart.
std::string why_not(const address& to, int port) {
  boost::asio::io_context context(1);
  boost::asio::ip::tcp::socket socket(context);
  boost::system::error_code problem;
  socket.open(to.is_v4() ? boost::asio::ip::tcp::v4() : boost::asio::ip::tcp::v6(), problem);
  const timeval timeout{1, 0};  // also of connect(2) on Linux
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  socket.connect({to, static_cast<std::uint16_t>(port)}, problem);
  return problem ? fmt::format("cannot connect ({})", problem.message()) : "cannot connect (it broke at once)";
}

std::string why_no_tls() {
  const auto* reason = ERR_reason_error_string(ERR_peek_last_error());
  return fmt::format("no TLS connection ({})", reason == nullptr ? "it broke while hands were shaken" : reason);
}

// A certificate that is trusted and yet refused is another host's.
std::string why_not_trusted(httplib::ClientImpl& client) {
  const auto* tls = dynamic_cast<httplib::SSLClient*>(&client);
  const auto result = tls == nullptr ? X509_V_OK : tls->get_openssl_verify_result();
  return fmt::format("the server's certificate could not be verified: {}; check --server and --ca-file",
                     result == X509_V_OK ? "it is not this host's" : X509_verify_cert_error_string(result));
}

Result<httplib::Headers> headers_for(const Connection& connection, const http::Url& url, const Request& request) {
  const auto origin = url.origin();
  // A compressed body could be larger than the cap when unpacked.
  httplib::Headers headers{{"Host", origin.substr(origin.find("//") + 2)},
                           {"User-Agent", "release-guard"},
                           {"Accept-Encoding", "identity"},
                           {"Connection", "close"}};
  if (!request.body.empty()) headers.emplace("Content-Type", "application/json");
  if (!connection.token_file) return headers;
  const auto token = read_secret(*connection.token_file);
  if (!token) return fail(ErrorCode::unauthorized, token.error().message);
  const auto& text = token->reveal();
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return fail(ErrorCode::invalid, "the token holds a control character");
  headers.emplace("Authorization", "Bearer " + text);
  return headers;
}

std::unique_ptr<httplib::SSLClient> tls_client(const Connection& connection, const std::string& host, int port) {
  if (!connection.cert_file) return std::make_unique<httplib::SSLClient>(host, port);
  return std::make_unique<httplib::SSLClient>(host, port, connection.cert_file->string(),
                                              connection.key_file->string());
}

// One request on its way, to one address of the guard after another.
class Exchange {
 public:
  Exchange(const Connection& connection, const http::Url& url, const Request& request, Duration left)
      : connection_(&connection), url_(&url), request_(&request), left_(left), cutoff_(left) {}

  Result<Response> with(const std::vector<address>& addresses, const httplib::Headers& headers) {
    Error failed{ErrorCode::unavailable, "no connection within the deadline"};
    for (const auto& to : addresses) {
      if (cutoff_.is_over()) break;
      auto answer = with(to, headers);
      if (answer || answer.error().code != ErrorCode::unavailable) return answer;
      failed = answer.error();
    }
    return std::unexpected(failed);
  }

 private:
  std::unique_ptr<httplib::ClientImpl> client_for(const address& to) {
    std::unique_ptr<httplib::ClientImpl> client;
    if (url_->tls) {
      auto tls = tls_client(*connection_, url_->host, url_->port);
      SSL_CTX_set_min_proto_version(tls->ssl_context(), TLS1_2_VERSION);
      if (connection_->ca_file) tls->set_ca_cert_path(connection_->ca_file->string());
      client = std::move(tls);
    } else {
      client = std::make_unique<httplib::ClientImpl>(url_->host, url_->port);
    }
    client->set_hostname_addr_map({{url_->host, to.to_string()}});
    client->set_socket_options([this](socket_t socket) { cutoff_.add(socket); });
    // The cutoff ends every wait. The library's own limits would end some a moment earlier, and look like a break.
    const auto longer = left_ + std::chrono::seconds(5);
    client->set_connection_timeout(longer);
    client->set_read_timeout(longer);
    client->set_write_timeout(longer);
    client->set_tcp_nodelay(true);
    client->set_url_encode(false);
    client->set_decompress(false);
    return client;
  }

  Result<Response> with(const address& to, const httplib::Headers& headers) {
    Response response;
    bool too_large = false;
    httplib::Request request;
    request.method = request_->method;
    request.path = url_->target(request_->path);
    request.headers = headers;
    request.body = request_->body;
    request.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
      too_large = size > request_->largest_answer - response.body.size();
      if (!too_large) response.body.append(bytes, size);
      return !too_large;
    };
    const auto client = client_for(to);
    ERR_clear_error();
    const auto result = client->send(request);
    if (too_large)
      return fail(ErrorCode::too_large, fmt::format("the answer is larger than {} bytes", request_->largest_answer));
    if (result && !cutoff_.is_over()) {
      response.status = result->status;
      return response;
    }
    return std::unexpected(problem(result.error(), *client, to));
  }

  Error problem(httplib::Error error, httplib::ClientImpl& client, const address& to) const {
    const bool connected = error == httplib::Error::Success || error == httplib::Error::Read ||
                           error == httplib::Error::Write || error == httplib::Error::Canceled;
    if (cutoff_.is_over())
      return connected ? Error{ErrorCode::timeout, "no whole answer within the deadline"}
                       : Error{ErrorCode::unavailable, "no connection within the deadline"};
    if (connected) return {ErrorCode::broken, "the connection broke before a whole HTTP answer had come"};
    if (error == httplib::Error::SSLLoadingCerts)
      return {ErrorCode::invalid, fmt::format("--ca-file: {} holds no certificate",
                                              connection_->ca_file.value_or("the system's").string())};
    if (error == httplib::Error::SSLConnection) return {ErrorCode::unavailable, why_no_tls()};
    if (error == httplib::Error::Connection) return {ErrorCode::unavailable, why_not(to, url_->port)};
    if (error == httplib::Error::ConnectionTimeout)
      return {ErrorCode::unavailable, "no connection within the deadline"};
    return {ErrorCode::unavailable, why_not_trusted(client)};
  }

  const Connection* connection_;
  const http::Url* url_;
  const Request* request_;
  Duration left_;
  Cutoff cutoff_;
};

Result<Response> send(const Connection& connection, const http::Url& url, const Request& request, const Clock& clock) {
  const auto headers = headers_for(connection, url, request);
  if (!headers) return std::unexpected(headers.error());
  const auto end = clock.now().mono + request.deadline;
  const auto addresses = http::resolve(url.host, request.deadline);
  if (!addresses) return std::unexpected(addresses.error());
  const IgnoredPipeSignal ignored;
  return Exchange(connection, url, request, end - clock.now().mono).with(*addresses, *headers);
}

}  // namespace

Result<Send> connect(const Connection& connection, const Clock& clock) {
  auto url = http::parse_url(connection.server.value_or(default_server));
  if (!url) return std::unexpected(url.error());
  if (connection.cert_file && !tls_client(connection, "localhost", 443)->is_valid())
    return fail(ErrorCode::invalid, fmt::format("--cert-file: {} is no certificate that belongs to --key-file {}",
                                                connection.cert_file->string(), connection.key_file->string()));
  return Send([connection, url = std::move(*url), &clock](const Request& request) -> Result<Response> {
    try {
      return send(connection, url, request, clock);
    } catch (const std::exception& problem) {
      return fail(ErrorCode::broken, fmt::format("the exchange failed: {}", problem.what()));
    }
  });
}

}  // namespace guard::client
