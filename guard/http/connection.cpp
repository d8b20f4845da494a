// SPDX-License-Identifier: Apache-2.0
#include "guard/http/connection.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <netdb.h>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>

namespace guard::http {
namespace {

// Ends the exchange when the deadline passes, whatever cpp-httplib is waiting for: its own timeouts begin anew with
// each read. Keeps stopping until told that it is over, because a stop during connect has nothing to shut down yet.
class Watchdog {
 public:
  Watchdog(httplib::Client& client, Duration deadline)
      : thread_([this, &client, deadline] { watch(client, deadline); }) {}
  ~Watchdog() {
    {
      const std::scoped_lock lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  bool fired() {
    const std::scoped_lock lock(mutex_);
    return fired_;
  }

 private:
  void watch(httplib::Client& client, Duration deadline) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, deadline, [this] { return over_; })) return;
    fired_ = true;
    do client.stop();
    while (!changed_.wait_for(lock, std::chrono::milliseconds(20), [this] { return over_; }));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  bool fired_ = false;
  std::thread thread_;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool never_sent(httplib::Error error) {
  return error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout ||
         error == httplib::Error::BindIPAddress || error == httplib::Error::SSLConnection ||
         error == httplib::Error::SSLLoadingCerts || error == httplib::Error::SSLServerVerification;
}

Error explain(httplib::Error error, bool late, Duration deadline) {
  if (error == httplib::Error::SSLServerVerification)
    return {ErrorCode::unavailable,
            "the server's certificate could not be verified; check tls_config.ca_file and server_name"};
  if (never_sent(error))
    return {ErrorCode::unavailable,
            late ? "no connection within the deadline" : "cannot connect (" + httplib::to_string(error) + ")"};
  if (late) return {ErrorCode::timeout, fmt::format("no whole answer within {}", format_duration(deadline))};
  return {ErrorCode::broken,
          fmt::format("the connection broke before the answer was whole ({})", httplib::to_string(error))};
}

// cpp-httplib verifies the name it connects by; to verify another, that name is given and mapped to the address.
Result<std::string> first_address(const Url& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(url.host.c_str(), nullptr, &hints, &found) != 0 || found == nullptr)
    return fail(ErrorCode::unavailable, fmt::format("cannot resolve {}", url.host));
  std::array<char, NI_MAXHOST> text{};
  const int failed =
      getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  if (failed != 0) return fail(ErrorCode::unavailable, fmt::format("cannot resolve {}", url.host));
  return std::string(text.data());
}

std::unique_ptr<httplib::Client> make_client(const Url& url, const TlsSettings& tls) {
  auto named = url;
  if (!tls.server_name.empty()) named.host = tls.server_name;
  if (tls.cert_file && tls.key_file)
    return std::make_unique<httplib::Client>(named.origin(), tls.cert_file->string(), tls.key_file->string());
  return std::make_unique<httplib::Client>(named.origin());
}

void secure(httplib::Client& client, const TlsSettings& tls) {
  if (tls.ca_file) client.set_ca_cert_path(tls.ca_file->string());
  client.enable_server_certificate_verification(!tls.insecure_skip_verify);
  SSL_CTX_set_min_proto_version(client.ssl_context(), TLS1_2_VERSION);
}

}  // namespace

Connection::Connection(std::unique_ptr<httplib::Client> client) : client_(std::move(client)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const Url& url, const TlsSettings& tls) {
  try {
    auto client = make_client(url, tls);
    if (!client->is_valid())
      return fail(ErrorCode::invalid, "the client certificate or key of tls_config cannot be used");
    if (url.tls) secure(*client, tls);
    if (url.tls && !tls.server_name.empty()) {
      const auto address = first_address(url);
      if (!address) return std::unexpected(address.error());
      client->set_hostname_addr_map({{tls.server_name, *address}});
    }
    client->set_keep_alive(true);
    client->set_follow_location(false);
    client->set_decompress(false);
    client->set_tcp_nodelay(true);
    return std::unique_ptr<Connection>(new Connection(std::move(client)));
  } catch (const std::exception& problem) {
    return fail(ErrorCode::invalid, problem.what());
  }
}

Result<Response> Connection::exchange(const Request& request, const std::string& target,
                                      const std::multimap<std::string, std::string>& headers) {
  client_->set_connection_timeout(request.deadline);
  client_->set_read_timeout(request.deadline);
  client_->set_write_timeout(request.deadline);
  httplib::Request out;
  out.method = request.method;
  out.path = target;
  out.body = request.body;
  for (const auto& [name, value] : headers) out.headers.emplace(name, value);
  std::string body;
  bool too_large = false;
  out.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    too_large = body.size() + size > request.max_response;
    if (!too_large) body.append(data, size);
    return !too_large;
  };
  httplib::Response in;
  auto error = httplib::Error::Success;
  bool sent = false;
  bool late = false;
  try {
    Watchdog watchdog(*client_, request.deadline);
    sent = client_->send(out, in, error);
    late = watchdog.fired();
  } catch (const std::exception& problem) {
    return fail(ErrorCode::broken, fmt::format("the exchange failed: {}", problem.what()));
  }
  if (too_large)
    return fail(ErrorCode::too_large, fmt::format("the answer is larger than {} bytes", request.max_response));
  if (!sent) return std::unexpected(explain(error, late, request.deadline));
  Response response{in.status, {}, body.empty() ? std::move(in.body) : std::move(body)};
  for (const auto& [name, value] : in.headers) response.headers.emplace(lower(name), value);
  return response;
}

}  // namespace guard::http
