// SPDX-License-Identifier: Apache-2.0
//
// The guard's configuration file as plain values: what the text says, checked, with paths made absolute and nothing
// opened yet but secrets and rule files. Values; shared between threads only as const.
#pragma once

#include "guard/base/address_range.hpp"
#include "guard/base/enum_names.hpp"
#include "guard/base/secret.hpp"
#include "guard/base/time.hpp"
#include "guard/config/silences.hpp"
#include "guard/http/client.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/release.hpp"
#include "guard/model/retry_policy.hpp"
#include "guard/model/rule.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace guard::config {

struct PrometheusSettings {
  http::ClientSettings http;
  std::map<std::string, std::string> params;  // sent with every query, for example partial_response: "false"
  Duration timeout{0};
  bool accept_partial = false;  // warnings do not make a reading an error
  std::string external_url;     // where people reach it, without a slash at its end; empty: not said
  Diagnostic place;             // an error where its url stands, with the message left to write
};

struct AlertmanagerSettings {
  std::vector<http::ClientSettings> servers;
  Duration timeout{0};
  Duration warm_up{0};       // what has been up for less is not believed that nothing fires
  bool push = true;          // each is told of what the guard does
  std::string external_url;  // where people reach it, without a slash at its end; empty: not said
};

struct CommandHook {
  std::vector<promql::TextTemplate>
      argv;                              // the program holds a slash: absolute, or relative to `dir`; it holds no field
  std::filesystem::path dir;             // absolute
  std::vector<std::string> environment;  // names let through from the guard's own environment
  Duration timeout{0};
  Duration grace{0};  // between TERM and KILL
  std::size_t output_cap = 0;
  std::vector<promql::TextTemplate> rehearse{};  // as `argv`, for a program that has no effect; empty: it has none
};

struct HttpHook {
  http::ClientSettings http;
  std::optional<Secret> secret;  // Standard Webhooks signing key as its file has it: whsec_ and base64, or text
  Duration timeout{0};
  bool conflict_is_done = false;  // 409 says that it was done before; otherwise the other side is busy
  std::string rehearse{};         // the URL that tells without effect whether it could be done; empty: none does
};

struct HookSettings {
  std::string name;
  std::variant<CommandHook, HttpHook> kind;
  model::RetryPolicy retry;
  std::optional<model::Matcher> versions;  // what a version may look like; of the label `version`
};

// Who is told of what the guard does, beside or instead of Alertmanager.
enum class ReceiverKind { slack, discord, msteams, webhook };

// Each is told on a thread of its own, so that one that hangs keeps no other waiting.
inline constexpr std::size_t most_receivers = 16;

struct ReceiverSettings {
  std::string name;
  ReceiverKind kind = ReceiverKind::webhook;
  http::ClientSettings http;
  std::vector<model::Matcher> match;  // on the labels of the guard's alerts; none: it is told of all
  bool send_resolved = true;          // it is told of the end of what it was told
  Duration repeat_interval{0};        // what lasts is told again after so long
  Duration timeout{0};                // of one message
};

// Whether it is told of an alert with these labels.
inline bool is_told_of(const ReceiverSettings& receiver, const model::Labels& labels) {
  return receiver.match.empty() || model::matches_all(receiver.match, labels);
}

enum class Role { read, alerts, deploy, operate };

// A reverse proxy that knows who its visitors are.
struct OnBehalfOf {
  std::string header;              // that names the person, in lower case
  std::vector<AddressRange> from;  // where such requests come from; from elsewhere the token is not taken
};

struct TokenSettings {
  std::string name;
  Role role = Role::read;
  Secret token;
  std::optional<OnBehalfOf> on_behalf_of = {};
};

// Who shows a certificate with this name in it.
struct ClientName {
  std::string name;  // its common name, or one of its alternative names (DNS, mail)
  Role role = Role::read;
};

enum class TlsVersion { tls12, tls13 };

// What only the file of --web.config.file sets; names as OpenSSL writes them, joined by colons; empty: its own choice.
struct TlsPolicy {
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::string ciphers = {};  // of TLS 1.2
  std::string suites = {};   // of TLS 1.3
  std::string curves = {};
  bool own_order = true;                        // of the ciphers; else the client's
  bool certificate_optional = false;            // beside client_ca_file: who shows none is let in as well
  std::vector<std::string> allowed_names = {};  // a client's certificate must have one of them; none: any will do
};

struct WebTls {
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
  std::optional<std::filesystem::path> client_ca_file;  // present: every client must show a certificate of this CA
  std::vector<ClientName> clients = {};                 // those that need no token beside it
  TlsPolicy policy = {};
};

// A user and the bcrypt hash of their password.
struct WebPassword {
  std::string user;
  Secret hash;
};

// The file of --web.config.file, but its TLS.
struct WebFile {
  std::map<std::string, std::string> headers;  // of every response
  std::vector<WebPassword> passwords;
};

// Where people find things; empty: not said.
struct WebLinks {
  std::string external_url;   // the guard itself, without a slash at its end
  std::string dashboard_url;  // the dashboard of one release
  std::string runbook_url;    // the runbook, with a heading for each alert
};

struct Brakes {
  std::optional<std::filesystem::path> kill_switch_file;  // while it exists, nothing is rolled back automatically
  int breaker_services = 0;  // this many services breached within breaker_within: a shared cause, hold all; 0 = off
  Duration breaker_within{0};
};

// A part of every week.
struct Weekly {
  model::WeekPart part;
  TimeZone zone;
};

// A freeze that is planned: once, or every week.
struct FreezeSettings {
  std::vector<model::Matcher> match;  // on service, environment, version, kind and release labels
  std::variant<model::Span, Weekly> when;
  std::vector<model::ReleaseKind> allow;
  std::string reason;
};

// What a deployment of GitHub calls the version that it deploys.
enum class GitHubVersion { ref, sha };

// GitHub's webhook.
struct GitHubEvents {
  Secret secret;
  GitHubVersion version = GitHubVersion::ref;
};

// Deployments that other systems tell of. What is in neither map is taken as the event has it.
struct EventSettings {
  std::optional<GitHubEvents> github;
  std::map<std::string, std::string> services;      // by what an event calls them
  std::map<std::string, std::string> environments;  // by what an event calls them
};

// A PromQL expression of a rule, for whoever finds out later that something is wrong with it.
struct Expression {
  promql::TextTemplate text;
  Diagnostic place;       // an error where it stands, with the message left to write
  std::size_t group = 0;  // the index of its rule group
  std::string slo;        // the rule
  bool detects = false;   // it is that of `detect`
  bool budgets = false;   // it is one of `error_budget`
};

struct Settings {
  std::filesystem::path file;
  std::string shown;  // what the file says, as it may be shown to operators
  std::optional<PrometheusSettings> prometheus;
  AlertmanagerSettings alertmanager;
  std::vector<std::filesystem::path> rule_files;  // globs resolved, sorted
  std::map<std::string, std::string> rule_texts;  // what was read, by the names that groups give their files
  std::vector<HookSettings> hooks;
  std::vector<ReceiverSettings> receivers;
  std::vector<TokenSettings> tokens;
  std::optional<WebTls> web_tls;
  std::vector<ClientName> web_users;  // the roles of those whom the file of --web.config.file knows
  WebFile web_file;
  Duration stay_signed_in{0};  // how long the page knows who has signed in once; zero: until its tab is closed
  WebLinks web_links;
  Brakes brakes;
  std::vector<FreezeSettings> freezes;
  EventSettings events;
  std::vector<model::RuleGroupPtr> groups;  // in file order; the first whose matchers match a release is its group
  std::vector<Expression> expressions;      // of all groups
  Silences silences;                        // of all files; for what is found later
};

}  // namespace guard::config

namespace guard {

template <>
struct EnumNames<config::GitHubVersion> {
  using V = config::GitHubVersion;
  static constexpr std::array table{EnumName<V>{V::ref, "ref"}, EnumName<V>{V::sha, "sha"}};
};

// As Go calls them.
template <>
struct EnumNames<config::TlsVersion> {
  using V = config::TlsVersion;
  static constexpr std::array table{EnumName<V>{V::tls12, "TLS12"}, EnumName<V>{V::tls13, "TLS13"}};
};

template <>
struct EnumNames<config::ReceiverKind> {
  using K = config::ReceiverKind;
  static constexpr std::array table{EnumName<K>{K::slack, "slack"}, EnumName<K>{K::discord, "discord"},
                                    EnumName<K>{K::msteams, "msteams"}, EnumName<K>{K::webhook, "webhook"}};
};

template <>
struct EnumNames<config::Role> {
  using R = config::Role;
  static constexpr std::array table{EnumName<R>{R::read, "read"}, EnumName<R>{R::alerts, "alerts"},
                                    EnumName<R>{R::deploy, "deploy"}, EnumName<R>{R::operate, "operate"}};
};

}  // namespace guard
