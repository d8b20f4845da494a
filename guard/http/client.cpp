// SPDX-License-Identifier: Apache-2.0
#include "guard/http/client.hpp"

#include "guard/base/file.hpp"
#include "guard/http/connection.hpp"
#include "guard/http/url.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace guard::http {
namespace {

constexpr std::size_t kept_connections = 8;

// Free of control characters but the tab, which RFC 9110 lets stand in a header's value.
bool clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

std::string base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// The secret itself, or what its file holds now.
Result<Secret> current(const std::optional<Secret>& given, const std::optional<std::filesystem::path>& file) {
  if (given) return *given;
  if (!file) return Secret("");
  auto secret = read_secret(*file);
  if (!secret) return fail(ErrorCode::unauthorized, secret.error().message);
  return secret;
}

Result<std::optional<Secret>> authorization(const ClientSettings& settings) {
  if (settings.basic_auth) {
    const auto password = current(settings.basic_auth->password, settings.basic_auth->password_file);
    if (!password) return std::unexpected(password.error());
    return Secret("Basic " + base64(settings.basic_auth->username + ":" + password->reveal()));
  }
  if (!settings.authorization) return std::nullopt;
  const auto credentials = current(settings.authorization->credentials, settings.authorization->credentials_file);
  if (!credentials) return std::unexpected(credentials.error());
  return Secret(settings.authorization->type + " " + credentials->reveal());
}

Result<void> readable(const std::optional<std::filesystem::path>& path) {
  if (!path) return {};
  if (const auto text = read_file(*path); !text) return fail(ErrorCode::invalid, text.error().message);
  return {};
}

}  // namespace

struct Client::Impl {
  explicit Impl(const Clock& time) : clock(time) {}

  const Clock& clock;
  ClientSettings settings;
  Url url;
  std::string shown;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;

  std::unique_ptr<Connection> take_kept() {
    const std::scoped_lock lock(mutex);
    while (!idle.empty()) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      if (connection->reusable()) return connection;
    }
    return nullptr;
  }

  void keep(std::unique_ptr<Connection> connection) {
    if (!connection->reusable()) return;
    const std::scoped_lock lock(mutex);
    if (idle.size() < kept_connections) idle.push_back(std::move(connection));
  }

  Result<Response> exchange(std::unique_ptr<Connection> connection, const Outgoing& out, MonoTime deadline) {
    auto response = connection->exchange(out, std::max(Duration{0}, deadline - clock.now().mono));
    keep(std::move(connection));
    return response;
  }

  Result<Response> exchange(const Outgoing& out) {
    const auto deadline = clock.now().mono + out.request.deadline;
    if (auto kept = out.request.fresh_connection ? nullptr : take_kept()) {
      auto response = exchange(std::move(kept), out, deadline);
      // The other side may have ended the kept connection just as the request was under way.
      if (response || response.error().code != ErrorCode::broken) return response;
    }
    auto fresh = Connection::make(url, settings.tls);
    if (!fresh) return std::unexpected(fresh.error());
    return exchange(std::move(*fresh), out, deadline);
  }

  Result<std::multimap<std::string, std::string>> headers(const Request& request) const {
    std::multimap<std::string, std::string> out(request.headers);
    for (const auto& [name, value] : settings.headers) out.emplace(name, value);
    out.emplace("User-Agent", "release-guard");
    out.emplace("Accept-Encoding", "identity");  // a compressed body could be larger than the cap when unpacked
    if (!request.content_type.empty()) out.emplace("Content-Type", request.content_type);
    const auto credentials = authorization(settings);
    if (!credentials) return std::unexpected(credentials.error());
    if (*credentials) out.emplace("Authorization", (*credentials)->reveal());
    for (const auto& [name, value] : out)
      if (!clean(name) || !clean(value))
        return fail(ErrorCode::invalid,
                    fmt::format("header {} holds a control character", clean(name) ? name : "name"));
    return out;
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Client> Client::make(ClientSettings settings, const Clock& clock) {
  auto url = parse_url(settings.url);
  if (!url) return std::unexpected(url.error());
  for (const auto& file : {settings.tls.ca_file, settings.tls.cert_file, settings.tls.key_file})
    if (auto ok = readable(file); !ok) return std::unexpected(ok.error());
  if (settings.tls.cert_file.has_value() != settings.tls.key_file.has_value())
    return fail(ErrorCode::invalid, "tls_config needs cert_file and key_file together");
  if (const auto usable = Connection::make(*url, settings.tls); !usable) return std::unexpected(usable.error());
  auto impl = std::make_unique<Impl>(clock);
  impl->url = std::move(*url);
  // Messages are read by more people than may see a token, which stands in a query where there is one.
  impl->shown = impl->url.origin() + (settings.url_is_secret ? "" : impl->url.path.substr(0, impl->url.path.find('?')));
  impl->settings = std::move(settings);
  return Client(std::move(impl));
}

Result<Response> Client::send(const Request& request) const {
  if (!clean(request.path) || request.path.find_first_of(" \t") != std::string::npos)
    return fail(ErrorCode::invalid, "the path holds white space or control characters");
  auto headers = impl_->headers(request);
  if (!headers) return std::unexpected(headers.error());
  auto response = impl_->exchange({request, impl_->url.target(request.path), std::move(*headers)});
  if (!response) return fail(response.error().code, fmt::format("{}: {}", impl_->shown, response.error().message));
  return response;
}

const std::string& Client::url() const {
  return impl_->shown;
}

}  // namespace guard::http
