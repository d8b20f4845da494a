// SPDX-License-Identifier: Apache-2.0
#include "guard/config/keys.hpp"
#include "guard/config/settings.hpp"
#include "guard/model/release.hpp"

#include <algorithm>
#include <array>

namespace guard::config {
namespace {

using enum Need;

template <class T, std::size_t A, std::size_t B>
constexpr std::array<T, A + B> join(const std::array<T, A>& a, const std::array<T, B>& b) {
  std::array<T, A + B> out{};
  std::copy(a.begin(), a.end(), out.begin());
  std::copy(b.begin(), b.end(), out.begin() + A);
  return out;
}

// Prometheus' http_config, by the same names.
constexpr std::array http_keys{
    KeyInfo{"basic_auth", one(objects::basic_auth), optional, "", "user name and password"},
    KeyInfo{"authorization", one(objects::authorization), optional, "",
            "the Authorization header, for example a bearer token"},
    KeyInfo{"tls_config", one(objects::tls), optional, "", "certificates and how the server is checked"},
    KeyInfo{"headers", "texts by name", optional, "", "further headers, for example X-Scope-OrgID", "", true}};

constexpr std::array http_refused{
    RefusedKey{"bearer_token", "use `authorization: { credentials_file: … }`"},
    RefusedKey{"bearer_token_file", "use `authorization: { credentials_file: … }`"},
    RefusedKey{"http_headers", "use `headers`"},
    RefusedKey{"http_config", "write its keys one level up, without `http_config`"},
    RefusedKey{"oauth2", "the guard cannot fetch tokens; let a proxy add them, or use `authorization`"},
    RefusedKey{"proxy_url", "the guard connects directly; name the proxy's own address as the url"},
    RefusedKey{"proxy_from_environment", "the guard connects directly"},
    RefusedKey{"proxy_connect_header", "the guard connects directly"},
    RefusedKey{"no_proxy", "the guard connects directly"},
    RefusedKey{"follow_redirects", "redirects are never followed; name the final address as the url"},
    RefusedKey{"enable_http2", "the guard speaks HTTP/1.1"}};

constexpr std::array settings_keys{
    KeyInfo{"prometheus", one(objects::prometheus), optional, "", "the server that answers rules of kind expr"},
    KeyInfo{"alertmanager", one(objects::alertmanager), optional, "",
            "the Alertmanagers whose firing alerts are read, and that are told what the guard does"},
    KeyInfo{"rule_files", "list of globs", required, "", "the rule files; the first matching group counts"},
    KeyInfo{"hooks", list_of("list of hooks", objects::hook), optional, "", "how a release is rolled back"},
    KeyInfo{"receivers", list_of("list of receivers", objects::receiver), optional, "",
            "who is told of what the guard does, beside or instead of Alertmanager"},
    KeyInfo{"tokens", list_of("list of tokens", objects::token), optional, "",
            "who may ask; without any, only loopback is listened on"},
    KeyInfo{"web", one(objects::web), optional, "", "the guard's own HTTP server"},
    KeyInfo{"brakes", one(objects::brakes), optional, "", "what stops automatic rollbacks"},
    KeyInfo{"freezes", list_of("list of freezes", objects::freeze), optional, "",
            "times in which no release may be announced"},
    KeyInfo{"events", one(objects::events), optional, "",
            "what other systems tell of deployments: CDEvents, and the webhook of GitHub"}};

constexpr std::array prometheus_keys =
    join(std::array{KeyInfo{"url", "URL", required, "", "its address, with the path prefix if it has one"},
                    KeyInfo{"timeout", "duration", optional, "10s", "the longest wait for one query"},
                    KeyInfo{"params", "texts by name", optional, "", "parameters sent with every query", "", true},
                    KeyInfo{"accept_partial", "true or false", optional, "false",
                            "answers with warnings count as whole, instead of as an error"},
                    KeyInfo{"external_url", "URL", optional, "",
                            "where people reach it: the page and reports link each expression to its graph there"}},
         http_keys);

constexpr std::array alertmanager_keys = join(
    std::array{
        KeyInfo{"urls", "list of URLs", required, "", "every peer of the cluster"},
        KeyInfo{"timeout", "duration", optional, "10s", "the longest wait for one answer"},
        KeyInfo{"warm_up", "duration", optional, "2m",
                "one that has been up for less may not have been told of all alerts again, so its word "
                "that nothing fires does not count; 0s asks none for how long it has been up"},
        KeyInfo{"push", "true or false", optional, "true",
                "each of them is told of releases, rollbacks and whatever needs a person"},
        KeyInfo{"external_url", "URL", optional, "", "where people reach it: the page and reports link alerts there"}},
    http_keys);

constexpr std::array basic_auth_keys{
    KeyInfo{"username", "text", required, "", "the user name"},
    KeyInfo{"password_file", "path", required, "", "the file that holds the password; read for each request"}};
constexpr std::array basic_auth_refused{
    RefusedKey{"password", "put the password in a file and name it with `password_file`"},
    RefusedKey{"username_file", "write the name itself with `username`"}};

constexpr std::array authorization_keys{
    KeyInfo{"type", "text", optional, "Bearer", "the scheme"},
    KeyInfo{"credentials_file", "path", required, "", "the file that holds the credentials; read for each request"}};
constexpr std::array authorization_refused{
    RefusedKey{"credentials", "put them in a file and name it with `credentials_file`"}};

constexpr std::array tls_keys{
    KeyInfo{"ca_file", "path", optional, "", "the CA that signed the server's certificate; else the system's"},
    KeyInfo{"cert_file", "path", optional, "", "the certificate the guard shows"},
    KeyInfo{"key_file", "path", optional, "", "its key"},
    KeyInfo{"server_name", "text", optional, "", "the name the server's certificate must carry, if not the url's"},
    KeyInfo{"insecure_skip_verify", "true or false", optional, "false", "any certificate will do"}};
constexpr std::array tls_refused{RefusedKey{"ca", "put it in a file and name it with `ca_file`"},
                                 RefusedKey{"cert", "put it in a file and name it with `cert_file`"},
                                 RefusedKey{"key", "put it in a file and name it with `key_file`"},
                                 RefusedKey{"min_version", "it cannot be set"},
                                 RefusedKey{"max_version", "it cannot be set"}};

constexpr std::array hook_keys{
    KeyInfo{"name", "hook name", required, "", "what `rollback.hook` of a rule group calls it"},
    KeyInfo{"command", one(objects::command_hook), optional, "", "a program; exactly one of command and http"},
    KeyInfo{"http", one(objects::http_hook), optional, "", "an HTTP endpoint; exactly one of command and http"},
    KeyInfo{
        "versions", "regular expression", optional, "",
        "what a version looks like, whole; a release with another version or previous_version is refused when it is "
        "announced, and a rollback to another one when it is ordered"},
    KeyInfo{"attempts", "number", optional, "3",
            "how often it is called at most for one decision; what never reached it does not count"},
    KeyInfo{"backoff", "duration", optional, "5s", "the wait before the second attempt; it doubles, with jitter"},
    KeyInfo{"longest_backoff", "duration", optional, "1m", "the longest wait between attempts"},
    KeyInfo{"idempotent", "true or false", optional, "false",
            "a call whose outcome is unknown may be made again with the same key; else a person decides"},
    KeyInfo{"deadline", "duration", optional, "30m",
            "no attempt starts later than this after the decision, or a person's order to call again"}};

constexpr std::array hook_kinds{KindInfo{"command", "command"}, KindInfo{"http", "http"}};

constexpr std::array command_keys{
    KeyInfo{"argv", "list of texts", required, "",
            "the program, absolute or relative to `dir`, and its arguments; no shell; {{ previous_version }} and the "
            "like in arguments",
            "", true},
    KeyInfo{"rehearse", "list of texts", optional, "",
            "a program and its arguments, as `argv`, that finds out without effect whether the rollback could be done: "
            "exit 0; a preflight runs it",
            "", true},
    KeyInfo{"dir", "path", optional, "", "where it runs; by default the folder of the configuration file"},
    KeyInfo{"timeout", "duration", optional, "10m", "the longest one call may run"},
    KeyInfo{"grace", "duration", optional, "10s", "between TERM and KILL when the time is up"},
    KeyInfo{"environment", "list of names", optional, "PATH, HOME, USER, LANG, TZ",
            "variables let through from the guard's own environment, beside RELEASE_GUARD_*"},
    KeyInfo{"output_cap", "size", optional, "64KiB", "how much of the end of its output is kept"}};
constexpr std::array command_refused{
    RefusedKey{"env", "name variables to let through with `environment`"},
    RefusedKey{"shell", "no shell is used; write the program and its arguments in `argv`"}};

constexpr std::array http_hook_keys = join(
    std::array{KeyInfo{"url", "URL", required, "", "where the rollback is ordered by POST", "", true},
               KeyInfo{"rehearse", "URL", optional, "",
                       "where a preflight posts what a rollback would, with `trigger` rehearsal, to find out without "
                       "effect whether it could be done: 2xx",
                       "", true},
               KeyInfo{"secret_file", "path", optional, "",
                       "signs each call (Standard Webhooks): whsec_ and base64, or plain text of 24 bytes or more"},
               KeyInfo{"timeout", "duration", optional, "2m", "the longest one call may take"},
               KeyInfo{"conflict_is_done", "true or false", optional, "false",
                       "409 means that it was done before; else that the other side is busy, and it is tried again"}},
    http_keys);

constexpr std::array receiver_keys = join(
    std::array{
        KeyInfo{"name", "receiver name", required, "", "what logs, metrics and `release-guard notify` call it"},
        KeyInfo{"kind", one_of(names_of<ReceiverKind>), required, "",
                "a channel of Slack, Discord or Microsoft Teams, or a program that reads Alertmanager's webhook"},
        KeyInfo{"url_file", "path", required, "",
                "the file that holds its address, which is a secret: whoever knows it may post"},
        KeyInfo{"match", "list of matchers", optional, "",
                "which of the guard's alerts it is told of, by their labels; by default all"},
        KeyInfo{"send_resolved", "true or false", optional, "true",
                "it is told of the end of what it was told; a chat only where that is news"},
        KeyInfo{"repeat_interval", "duration", optional, "4h", "what lasts is told again after so long"},
        KeyInfo{"timeout", "duration", optional, "10s", "the longest that one message may take"}},
    http_keys);
constexpr std::array receiver_refused =
    join(std::array{RefusedKey{"url", "put it in a file and name it with `url_file`"},
                    RefusedKey{"api_url", "put it in a file and name it with `url_file`"},
                    RefusedKey{"api_url_file", "use `url_file`"},
                    RefusedKey{"webhook_url", "put it in a file and name it with `url_file`"},
                    RefusedKey{"webhook_url_file", "use `url_file`"},
                    RefusedKey{"channel", "an incoming webhook belongs to one channel; make one for each"},
                    RefusedKey{"matchers", "use `match`"},
                    RefusedKey{"slack_configs", "write `kind: slack` and `url_file` beside the name"},
                    RefusedKey{"discord_configs", "write `kind: discord` and `url_file` beside the name"},
                    RefusedKey{"msteams_configs", "write `kind: msteams` and `url_file` beside the name"},
                    RefusedKey{"msteamsv2_configs", "write `kind: msteams` and `url_file` beside the name"},
                    RefusedKey{"webhook_configs", "write `kind: webhook` and `url_file` beside the name"}},
         http_refused);

constexpr std::array token_keys{
    KeyInfo{"name", "text", required, "", "who this is, in the timeline and the logs"},
    KeyInfo{"role", one_of(names_of<Role>), required, "", "what its bearer may do"},
    KeyInfo{"token_file", "path", required, "", "the file that holds the token, 16 characters or more"},
    KeyInfo{"on_behalf_of", one(objects::on_behalf_of), optional, "",
            "the bearer is a reverse proxy, and says for whom it asks"}};
constexpr std::array on_behalf_of_keys{
    KeyInfo{"header", "text", optional, "X-Forwarded-User", "the header that names the person"},
    KeyInfo{
        "from", "list of addresses", required, "",
        "where the proxy's connections come from: addresses, or ranges like 10.0.0.0/8; from elsewhere the token is "
        "not taken"}};
constexpr std::array token_refused{RefusedKey{"token", "put it in a file and name it with `token_file`"}};

constexpr std::array web_keys{
    KeyInfo{"tls_server_config", one(objects::web_tls), optional, "", "serve HTTPS"},
    KeyInfo{"stay_signed_in", "duration", optional, "12h",
            "how long a browser stays signed in to the page, if its user wants that; 0s: until the tab is closed"},
    KeyInfo{"users", list_of("list of users", objects::web_user), optional, "",
            "what those may do whom the file of `--web.config.file` knows, by a password or a certificate"},
    KeyInfo{"external_url", "URL", optional, "", "where people reach the guard: for the links in its alerts"},
    KeyInfo{"dashboard_url", "URL", optional, "",
            "the Grafana dashboard of one release: for the links in the guard's alerts, on its page and in reports; "
            "var-service and var-environment are appended"},
    KeyInfo{"runbook_url", "URL", optional, "",
            "where your copy of docs/runbook.md stands: for the links in its alerts; #heading is appended"}};
constexpr std::array web_refused{
    RefusedKey{"basic_auth_users", "use `tokens`, or put it in a file for `--web.config.file`"},
    RefusedKey{"http_server_config", "put it in a file for `--web.config.file`"},
    RefusedKey{"rate_limit", "the guard limits connections, sizes and times by itself"}};

constexpr std::array web_tls_keys{
    KeyInfo{"cert_file", "path", required, "", "the certificate chain"},
    KeyInfo{"key_file", "path", required, "", "its key"},
    KeyInfo{"client_ca_file", "path", optional, "", "every client must show a certificate of this CA"},
    KeyInfo{"clients", list_of("list of client names", objects::web_client), optional, "",
            "whose certificate is enough: they need no token"}};
constexpr std::array web_client_keys{
    KeyInfo{
        "name", "text", required, "",
        "the common name of the certificate, or one of its alternative names (DNS or mail); the name in the timeline"},
    KeyInfo{"role", one_of(names_of<Role>), required, "", "what its holder may do"}};
constexpr std::array web_user_keys{
    KeyInfo{"name", "text", required, "", "the user's name, or a name in their certificate; the name in the timeline"},
    KeyInfo{"role", one_of(names_of<Role>), required, "", "what they may do"}};
constexpr std::string_view only_web_file = "it stands in a file for `--web.config.file` alone";
constexpr std::array web_tls_refused{
    RefusedKey{"client_auth_type", "with `client_ca_file` every client must show a certificate"},
    RefusedKey{"client_allowed_sans", only_web_file}, RefusedKey{"min_version", only_web_file},
    RefusedKey{"max_version", only_web_file}, RefusedKey{"cipher_suites", only_web_file}};

constexpr std::array brakes_keys{
    KeyInfo{"kill_switch_file", "path", optional, "", "while this file exists, nothing is rolled back automatically"},
    KeyInfo{"breaker", one(objects::breaker), optional, "",
            "many services breaching at once are a shared cause: hold all"}};
constexpr std::array breaker_keys{
    KeyInfo{"services", "number", optional, "3", "this many services; 0 turns the breaker off"},
    KeyInfo{"within", "duration", optional, "10m", "breached within this time"}};

constexpr std::array freeze_keys{
    KeyInfo{"match", "list of matchers", required, "", "which releases are refused, as in a rule group"},
    KeyInfo{"from", "time", optional, "", "the beginning, as RFC 3339"},
    KeyInfo{"until", "time", optional, "", "the end, as RFC 3339"},
    KeyInfo{"weekly", "part of a week", optional, "",
            "instead of `from` and `until`: a time that comes every week, for example `fri 16:00 - mon 08:00`"},
    KeyInfo{"time_zone", "time zone", optional, "",
            "beside `weekly`: by which clocks it is meant, by its IANA name, for example `Europe/Berlin`"},
    KeyInfo{"allow", list_of("list of release kinds", names_of<model::ReleaseKind>), optional, "hotfix, rollback",
            "kinds that may be released all the same"},
    KeyInfo{"reason", "text", required, "", "what the refused pipeline is told"}};
constexpr std::array freeze_kinds{KindInfo{"once", "from", "until"}, KindInfo{"every week", "weekly", "time_zone"}};

constexpr std::array events_keys{
    KeyInfo{"github", one(objects::github_events), optional, "", "the webhook of GitHub; without it, none is taken"},
    KeyInfo{"services", "texts by name", optional, "",
            "the services by what an event calls them: the id of a CDEvent's subject, or owner/repository"},
    KeyInfo{"environments", "texts by name", optional, "", "the environments by what an event calls them"}};
constexpr std::array github_events_keys{KeyInfo{"secret_file", "path", required, "",
                                                "the file that holds the secret of the webhook, 16 characters or more"},
                                        KeyInfo{"version", one_of(names_of<GitHubVersion>), optional, "ref",
                                                "what the version is: the tag that is deployed, or its commit"}};
constexpr std::array github_events_refused{RefusedKey{"secret", "put it in a file and name it with `secret_file`"}};

constexpr std::array client_file_keys{
    KeyInfo{"server", "URL", optional, "http://127.0.0.1:8929", "where the guard answers"},
    KeyInfo{"token_file", "path", optional, "", "the file that holds the token to show; read for each request"},
    KeyInfo{"ca_file", "path", optional, "", "the CA that signed the guard's certificate; else the system's"},
    KeyInfo{"cert_file", "path", optional, "", "a certificate to show, where the guard asks for one"},
    KeyInfo{"key_file", "path", optional, "", "its key"}};
constexpr std::array client_file_refused{RefusedKey{"token", "put it in a file and name it with `token_file`"}};

}  // namespace

namespace objects {
constexpr ObjectInfo settings{"the configuration file", settings_keys};
constexpr ObjectInfo prometheus{"`prometheus`", prometheus_keys, http_refused};
constexpr ObjectInfo alertmanager{"`alertmanager`", alertmanager_keys, http_refused};
constexpr ObjectInfo basic_auth{"`basic_auth`", basic_auth_keys, basic_auth_refused};
constexpr ObjectInfo authorization{"`authorization`", authorization_keys, authorization_refused};
constexpr ObjectInfo tls{"`tls_config`", tls_keys, tls_refused};
constexpr ObjectInfo hook{"a hook", hook_keys, {}, hook_kinds};
constexpr ObjectInfo command_hook{"a command hook", command_keys, command_refused};
constexpr ObjectInfo http_hook{"an HTTP hook", http_hook_keys, http_refused};
constexpr ObjectInfo receiver{"a receiver", receiver_keys, receiver_refused};
constexpr ObjectInfo token{"a token", token_keys, token_refused};
constexpr ObjectInfo on_behalf_of{"`on_behalf_of`", on_behalf_of_keys};
constexpr ObjectInfo web_client{"a client", web_client_keys};
constexpr ObjectInfo web_user{"a user", web_user_keys};
constexpr ObjectInfo web{"`web`", web_keys, web_refused};
constexpr ObjectInfo web_tls{"`tls_server_config`", web_tls_keys, web_tls_refused};
constexpr ObjectInfo brakes{"`brakes`", brakes_keys};
constexpr ObjectInfo breaker{"`breaker`", breaker_keys};
constexpr ObjectInfo freeze{"a freeze", freeze_keys, {}, freeze_kinds};
constexpr ObjectInfo events{"`events`", events_keys};
constexpr ObjectInfo github_events{"`github`", github_events_keys, github_events_refused};
constexpr ObjectInfo client_file{"the client file", client_file_keys, client_file_refused};
}  // namespace objects

}  // namespace guard::config
