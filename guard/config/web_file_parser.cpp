// SPDX-License-Identifier: Apache-2.0
#include "guard/config/web_file_parser.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/config/go_tls.hpp"
#include "guard/config/http_parser.hpp"
#include "guard/config/object_reader.hpp"

#include <algorithm>
#include <array>

namespace guard::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view users_key = "basic_auth_users";
constexpr int least_cost = 4;
constexpr int most_cost = 16;  // some seconds for each password

struct Header {
  std::string_view name;
  std::array<std::string_view, 2> values = {};  // the only ones; none: any
};
constexpr std::array headers{Header{"Content-Security-Policy"}, Header{"Strict-Transport-Security"},
                             Header{"X-Frame-Options", {"deny", "sameorigin"}},
                             Header{"X-Content-Type-Options", {"nosniff"}}, Header{"X-XSS-Protection"}};

// The names that OpenSSL has for those of the list under `key`.
template <std::size_t N>
std::vector<TlsName> named(const ObjectReader& object, std::string_view key, const std::array<TlsName, N>& table) {
  static constexpr auto names = [] {
    if constexpr (N == tls_ciphers.size())
      return cipher_names;
    else
      return curve_names;
  }();
  std::vector<TlsName> out;
  if (!object.given(key)) return out;
  for (const auto* node : object.list(key)) {
    const auto what = fmt::format("an entry of `{}`", key);
    const auto text = read_text(object.report(), *node, what);
    if (!text) continue;
    const auto it = std::ranges::find(table, *text, &TlsName::go);
    if (it != table.end())
      out.push_back(*it);
    else
      object.report().error(node->offset, choice_problem(what, *text, names));
  }
  return out;
}

void append(std::string& list, std::string_view name) {
  if (!list.empty()) list += ':';
  list += name;
}

void read_ciphers(const ObjectReader& object, TlsPolicy& policy) {
  for (const auto& cipher : named(object, "cipher_suites", tls_ciphers))
    append(cipher.of_tls13 ? policy.suites : policy.ciphers, cipher.openssl);
  for (const auto& curve : named(object, "curve_preferences", tls_curves)) append(policy.curves, curve.openssl);
  policy.own_order = object.boolean_or_default("prefer_server_cipher_suites");
  if (policy.ciphers.empty() && !policy.suites.empty() && policy.min_version == TlsVersion::tls12)
    object.error("cipher_suites", "`cipher_suites` names none for TLS 1.2; name one, or write `min_version: TLS13`");
}

void read_versions(const ObjectReader& object, TlsPolicy& policy) {
  policy.min_version = object.choice<TlsVersion>("min_version").value_or(TlsVersion::tls12);
  policy.max_version = object.choice<TlsVersion>("max_version").value_or(TlsVersion::tls13);
  if (policy.max_version < policy.min_version)
    object.error("max_version", "`max_version` must not be older than `min_version`");
}

// Go has policies that ask for a certificate and let any pass, whoever made it.
std::optional<std::string> read_auth_type(const ObjectReader& object) {
  const auto* node = object.find("client_auth_type");
  if (node == nullptr) return std::string(client_auth_types.front());
  constexpr std::array<std::string_view, 3> idle{"RequestClientCert", "RequireClientCert", "RequireAnyClientCert"};
  if (std::ranges::find(idle, node->text) == idle.end()) return object.word("client_auth_type", client_auth_types);
  object.error("client_auth_type",
               fmt::format("`client_auth_type`: {} lets any certificate pass, whoever made it; write "
                           "RequireAndVerifyClientCert",
                           node->text));
  return std::nullopt;
}

void read_client_certificates(const ObjectReader& object, WebTls& tls) {
  const auto type = read_auth_type(object);
  const bool looks = type && *type != client_auth_types.front();
  tls.policy.certificate_optional = type == "VerifyClientCertIfGiven";
  if (object.given("client_allowed_sans"))
    for (const auto* node : object.list("client_allowed_sans"))
      if (auto name = read_text(object.report(), *node, "an entry of `client_allowed_sans`"))
        tls.policy.allowed_names.push_back(std::move(*name));
  if (looks && !object.given("client_ca_file"))
    object.error("client_auth_type", "`client_auth_type` needs `client_ca_file`, which says whose certificates count");
  if (type && !looks)
    for (const auto* key : {"client_ca_file", "client_allowed_sans"})
      if (object.given(key))
        object.error(key, fmt::format("`{}` is for a `client_auth_type` that looks at certificates; write "
                                      "RequireAndVerifyClientCert",
                                      key));
}

WebTls read_tls(const ObjectReader& object, const fs::path& base) {
  WebTls tls;
  tls.cert_file = read_readable_file(object, "cert_file", base).value_or(fs::path());
  tls.key_file = read_readable_file(object, "key_file", base).value_or(fs::path());
  tls.client_ca_file = read_readable_file(object, "client_ca_file", base);
  read_client_certificates(object, tls);
  read_versions(object, tls.policy);
  read_ciphers(object, tls.policy);
  return tls;
}

// Why the header cannot be sent, or nothing.
std::string header_problem(const std::string& name, const std::string& value) {
  const auto header = std::ranges::find(headers, name, &Header::name);
  if (header == headers.end()) {
    std::array<std::string_view, headers.size()> names{};
    std::ranges::transform(headers, names.begin(), &Header::name);
    return choice_problem("a header", name, names);
  }
  if (!is_printable(value) || value.find('\n') != std::string::npos)
    return fmt::format("`{}` must be one line of printable text", name);
  const auto& values = header->values;
  if (values[0].empty() || std::ranges::find(values, value) != values.end()) return {};
  const auto known = std::span(values).first(values[1].empty() ? 1 : 2);
  return choice_problem(fmt::format("`{}`", name), value, known);
}

void read_http(const ObjectReader& object, WebFile& out) {
  if (object.boolean_or_default("http2"))
    object.error("http2", "`http2`: the guard speaks HTTP/1.1; write false, or delete the key");
  const auto* node = object.find("headers");
  if (node == nullptr) return;
  out.headers = object.texts_by_name("headers");
  for (const auto& [name, value] : out.headers)
    if (const auto problem = header_problem(name, value); !problem.empty())
      object.report().error(node->find(name)->key_offset, problem);
}

// The cost of a bcrypt hash; nothing where the text is none.
std::optional<int> cost_of(std::string_view text) {
  constexpr std::size_t length = 60;
  const auto in_alphabet = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
  };
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != length || !text.starts_with("$2") || text[3] != '$' || text[6] != '$') return std::nullopt;
  if (std::string_view("aby").find(text[2]) == std::string_view::npos || !digit(4) || !digit(5)) return std::nullopt;
  if (!std::ranges::all_of(text.substr(7), in_alphabet)) return std::nullopt;
  return (text[4] - '0') * 10 + (text[5] - '0');
}

// Why the text is no hash that can be compared with, or nothing; never says what it is.
std::string hash_problem(const std::string& text) {
  const auto cost = cost_of(text);
  if (!cost || *cost < least_cost) return "has no bcrypt hash; make one with `htpasswd -nBC 10 \"\" | tr -d ':\\n'`";
  if (*cost <= most_cost) return {};
  return fmt::format(
      "has a hash of cost {}, which takes too long for a request; make one of {} at most, for example 10", *cost,
      most_cost);
}

// A user name as it can be sent (RFC 7617, 2), and stand in the timeline.
bool is_user_name(const std::string& name) {
  constexpr std::size_t longest = 100;
  return !name.empty() && name.size() <= longest && is_printable(name) && name.find(':') == std::string::npos;
}

// All is reported where the users begin: their own lines are not to be shown.
void read_users(const ObjectReader& object, WebFile& out) {
  const auto* node = object.find(users_key);
  if (node == nullptr) return;
  const auto error = [&](const std::string& user, const std::string& problem) {
    object.report().error(node->key_offset, fmt::format("`{}`: \"{}\" {}", users_key, shorten(user, 60), problem));
  };
  for (const auto& [user, hash] : object.texts_by_name(users_key)) {
    if (!is_user_name(user)) error(user, "cannot be a user name: 100 printable characters at most, without a colon");
    if (const auto problem = hash_problem(hash); !problem.empty()) error(user, problem);
    out.passwords.push_back({user, Secret(hash)});
  }
}

std::string_view line_of(std::string_view text, int number) {
  for (; number > 1 && !text.empty(); --number) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// Whether the line gives a key under which nothing is secret. What has another key may be a user, a hash or a password
// that stands where it does not belong.
bool is_open(std::string_view line) {
  const auto text = trim(line);
  const auto key = text.substr(0, text.find(':'));
  const auto knows = [&](const ObjectInfo& info) { return info.find(key) != nullptr && !info.find(key)->secret; };
  const bool known = knows(objects::web_file) || knows(objects::web_file_tls) || knows(objects::web_file_http);
  const auto holds = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  return known && !holds("basic_auth") && !holds("$2") && !holds("PRIVATE KEY");
}

void hide_secrets(const Source& source, Diagnostics& diagnostics) {
  for (auto& item : diagnostics.items) {
    if (item.path != source.path() || item.line == 0 || is_open(line_of(source.text(), item.line))) continue;
    item.snippet.clear();
    item.caret = 0;
  }
}

void read_parts(const ObjectReader& file, const fs::path& base, Settings& settings) {
  const auto& report = file.report();
  if (const auto* node = file.find("tls_server_config")) {
    if (settings.web_tls)
      report.error(
          node->key_offset,
          "`web.tls_server_config` of the configuration file says how TLS is served as well; keep one of them");
    settings.web_tls = read_tls(ObjectReader(report, *node, objects::web_file_tls), base);
    settings.web_tls->clients = settings.web_users;
  }
  if (const auto* node = file.find("http_server_config"))
    read_http(ObjectReader(report, *node, objects::web_file_http), settings.web_file);
  read_users(file, settings.web_file);
}

}  // namespace

void read_web_file(const Source& source, const fs::path& base, Settings& settings, Diagnostics& diagnostics) {
  if (source.says_nothing()) return;
  const Report report(source, diagnostics);
  if (const auto root = read_yaml(report)) read_parts(ObjectReader(report, *root, objects::web_file), base, settings);
  hide_secrets(source, diagnostics);
}

}  // namespace guard::config
