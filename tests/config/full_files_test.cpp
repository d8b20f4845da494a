// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a configuration with every key.
#include "tests/config/full_files.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/file.hpp"
#include "guard/config/keys.hpp"

#include <gmock/gmock.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

TEST(FullConfiguration, UsesEveryKeyOfEveryObject) {
  const auto text = *read_file(folder / "guard.yml") + *read_file(folder / "rules/full.yml") +
                    *read_file(folder / "rules/full.test.yml") + *read_file(folder / "web.yml") +
                    *read_file(folder / "client.yml");
  for (const auto* object : all_objects())
    for (const auto& key : object->keys) EXPECT_THAT(text, HasSubstr(std::string(key.name) + ":")) << object->name;
}

TEST(FullConfiguration, ReadsPrometheus) {
  ASSERT_TRUE(settings().prometheus);
  const auto& prometheus = *settings().prometheus;
  EXPECT_EQ(prometheus.http.url, "https://mimir.internal:8443/prometheus");
  EXPECT_EQ(prometheus.timeout, 5s);
  EXPECT_THAT(prometheus.params, ElementsAre(Pair("partial_response", "false")));
  EXPECT_TRUE(prometheus.accept_partial);
  EXPECT_EQ(prometheus.http.basic_auth->username, "guard");
  EXPECT_EQ(prometheus.http.basic_auth->password_file, folder / "password");
  EXPECT_EQ(prometheus.http.tls.ca_file, folder / "ca.pem");
  EXPECT_EQ(prometheus.http.tls.server_name, "mimir");
  EXPECT_TRUE(prometheus.http.tls.insecure_skip_verify);
  EXPECT_THAT(prometheus.http.headers, ElementsAre(Pair("X-Scope-OrgID", "shop")));
}

TEST(FullConfiguration, ReadsAlertmanager) {
  ASSERT_THAT(settings().alertmanager.servers, SizeIs(2));
  const auto& server = settings().alertmanager.servers[1];
  EXPECT_EQ(server.url, "http://[::1]:9094/am");
  EXPECT_EQ(server.authorization->type, "Bearer");
  EXPECT_EQ(server.authorization->credentials_file, folder / "password");
  EXPECT_EQ(settings().alertmanager.timeout, 3s);
  EXPECT_EQ(settings().alertmanager.warm_up, 3min);
  EXPECT_FALSE(settings().alertmanager.push);
}

TEST(FullConfiguration, ReadsReceivers) {
  ASSERT_THAT(settings().receivers, SizeIs(2));
  const auto& incidents = settings().receivers[0];
  EXPECT_EQ(incidents.name, "incidents");
  EXPECT_EQ(incidents.kind, ReceiverKind::slack);
  EXPECT_EQ(incidents.http.url, "https://hooks.slack.com/services/T0/B0/a-secret");
  EXPECT_TRUE(incidents.http.url_is_secret);
  EXPECT_THAT(incidents.match, SizeIs(2));
  EXPECT_FALSE(incidents.send_resolved);
  EXPECT_EQ(incidents.repeat_interval, 1h);
  EXPECT_EQ(incidents.timeout, 5s);
  const auto& on_call = settings().receivers[1];
  EXPECT_THAT(on_call.http.headers, ElementsAre(Pair("X-Team", "shop")));
  EXPECT_THAT(on_call.match, SizeIs(0));
  EXPECT_TRUE(on_call.send_resolved);
  EXPECT_EQ(on_call.repeat_interval, 4h);
  EXPECT_EQ(on_call.timeout, 10s);
}

TEST(FullConfiguration, ReadsAFreezeOfEveryWeek) {
  const auto& weekly = std::get<Weekly>(settings().freezes.at(1).when);
  EXPECT_EQ(weekly.part, *model::parse_week_part("fri 16:00 - mon 08:00"));
  EXPECT_EQ(weekly.zone.name(), "Europe/Berlin");
  EXPECT_EQ(settings().freezes[1].allow, model::allowed_in_freezes) << "so that the way back stays open";
}

TEST(FullConfiguration, ReadsACommandHook) {
  ASSERT_THAT(settings().hooks, SizeIs(2));
  const auto& hook = settings().hooks[0];
  EXPECT_EQ(hook.name, "undo");
  const auto& command = std::get<CommandHook>(hook.kind);
  ASSERT_THAT(command.argv, SizeIs(3));
  EXPECT_EQ(command.argv[0].source(), "./undo.sh");
  EXPECT_EQ(command.argv[1].source(), "{{ previous_version }}");
  EXPECT_EQ(command.argv[2].source(), "");
  EXPECT_TRUE(command.dir.is_absolute());
  EXPECT_TRUE(fs::equivalent(command.dir, folder));
  EXPECT_THAT(command.environment, ElementsAre("PATH", "SSH_AUTH_SOCK"));
  EXPECT_EQ(command.timeout, 2min);
  EXPECT_EQ(command.grace, 20s);
  EXPECT_EQ(command.output_cap, 128U * 1024);
}

TEST(FullConfiguration, ReadsHowAHookIsRetried) {
  EXPECT_TRUE(settings().hooks.at(0).versions->matches({{"version", "v1.2"}}));
  EXPECT_FALSE(settings().hooks.at(0).versions->matches({{"version", "v1;x"}}));
  const auto& retry = settings().hooks.at(0).retry;
  EXPECT_EQ(retry.attempts, 2);
  EXPECT_EQ(retry.backoff, 2s);
  EXPECT_EQ(retry.longest_backoff, 20s);
  EXPECT_TRUE(retry.idempotent);
  EXPECT_EQ(retry.deadline, 15min);
  const auto& defaults = settings().hooks.at(1).retry;
  EXPECT_EQ(defaults.attempts, 3);
  EXPECT_EQ(defaults.backoff, 5s);
  EXPECT_EQ(defaults.longest_backoff, 1min);
  EXPECT_FALSE(defaults.idempotent);
  EXPECT_EQ(defaults.deadline, 30min);
}

TEST(FullConfiguration, ReadsAnHttpHookWithItsKey) {
  const auto& hook = std::get<HttpHook>(settings().hooks.at(1).kind);
  EXPECT_EQ(hook.http.url, "https://deploy.internal/rollback");
  EXPECT_EQ(hook.secret->reveal(), "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  EXPECT_EQ(hook.timeout, 1min);
  EXPECT_TRUE(hook.conflict_is_done);
}

TEST(FullConfiguration, ReadsWhoIsKnownWithoutATokenOfTheirOwn) {
  const auto& proxy = *settings().tokens.at(2).on_behalf_of;
  EXPECT_EQ(proxy.header, "x-auth-request-user");
  ASSERT_THAT(proxy.from, SizeIs(2));
  EXPECT_TRUE(proxy.from[0].contains("10.1.2.3"));
  EXPECT_TRUE(proxy.from[1].contains("::1"));
  ASSERT_THAT(settings().web_tls->clients, SizeIs(1));
  EXPECT_EQ(settings().web_tls->clients[0].name, "ada@example.org");
  EXPECT_EQ(settings().web_tls->clients[0].role, Role::deploy);
  EXPECT_EQ(settings().stay_signed_in, 8h);
  ASSERT_THAT(settings().web_users, SizeIs(1));
  EXPECT_EQ(settings().web_users[0].name, "grace");
  EXPECT_EQ(settings().web_users[0].role, Role::operate);
}

TEST(FullConfiguration, ReadsTokensWebBrakesAndFreezes) {
  ASSERT_THAT(settings().tokens, SizeIs(3));
  EXPECT_EQ(settings().tokens[1].role, Role::alerts);
  EXPECT_EQ(settings().tokens[1].token.reveal(), "a-token-of-alertmanager");
  EXPECT_EQ(settings().web_tls->client_ca_file, folder / "ca.pem");
  EXPECT_EQ(settings().brakes.kill_switch_file, folder / "stop");
  EXPECT_EQ(settings().brakes.breaker_services, 5);
  EXPECT_EQ(settings().brakes.breaker_within, 2min);
  ASSERT_THAT(settings().freezes, SizeIs(2));
  const auto& freeze = settings().freezes[0];
  const auto& span = std::get<model::Span>(freeze.when);
  EXPECT_EQ(span.until - span.from, 24h);
  EXPECT_THAT(freeze.allow, ElementsAre(model::ReleaseKind::hotfix, model::ReleaseKind::rollback));
  EXPECT_TRUE(model::matches_all(freeze.match, {{"environment", "production"}}));
}

TEST(FullWebFile, ReadsTls) {
  const auto loaded = load_settings(folder.parent_path() / "settings/alertmanager.yml", folder / "web.yml");
  ASSERT_TRUE(loaded.value) << format(loaded.diagnostics);
  const auto& tls = *loaded.value->web_tls;
  EXPECT_EQ(tls.cert_file, folder / "ca.pem");
  EXPECT_EQ(tls.client_ca_file, folder / "ca.pem");
  EXPECT_TRUE(tls.policy.certificate_optional);
  EXPECT_THAT(tls.policy.allowed_names, ElementsAre("ada@example.org", "10.0.0.1"));
  EXPECT_EQ(tls.policy.min_version, TlsVersion::tls12);
  EXPECT_EQ(tls.policy.max_version, TlsVersion::tls13);
  EXPECT_EQ(tls.policy.ciphers, "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384");
  EXPECT_EQ(tls.policy.suites, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(tls.policy.curves, "X25519:P-256");
  EXPECT_FALSE(tls.policy.own_order);
}

TEST(FullWebFile, ReadsHeadersAndUsers) {
  const auto loaded = load_settings(folder.parent_path() / "settings/alertmanager.yml", folder / "web.yml");
  ASSERT_TRUE(loaded.value) << format(loaded.diagnostics);
  EXPECT_THAT(loaded.value->web_file.headers,
              ElementsAre(Pair("Strict-Transport-Security", "max-age=31536000"), Pair("X-Frame-Options", "deny")));
  ASSERT_THAT(loaded.value->web_file.passwords, SizeIs(2));
  EXPECT_EQ(loaded.value->web_file.passwords[0].user, "ada");
  EXPECT_EQ(loaded.value->web_file.passwords[1].hash.reveal().substr(0, 7), "$2b$12$");
}

TEST(FullWebFile, TlsIsSaidInOneFileOnly) {
  const auto loaded = load_settings(folder / "guard.yml", folder / "web.yml");
  EXPECT_FALSE(loaded.value);
  EXPECT_THAT(format(loaded.diagnostics), HasSubstr("web.yml:2:1: `web.tls_server_config` of the configuration file "
                                                    "says how TLS is served as well; keep one of them"));
}

TEST(FullConfiguration, ReadsWhatOtherSystemsTell) {
  const auto& events = settings().events;
  EXPECT_THAT(events.services, ElementsAre(Pair("acme/storefront", "shop")));
  EXPECT_THAT(events.environments, ElementsAre(Pair("cluster-7", "production")));
  ASSERT_TRUE(events.github);
  EXPECT_EQ(events.github->secret.reveal(), "a-secret-of-the-webhook");
  EXPECT_EQ(events.github->version, GitHubVersion::sha);
}

TEST(FullConfiguration, ReadsWhereLinksLead) {
  EXPECT_EQ(settings().web_links.external_url, "https://guard.example.org");
  EXPECT_EQ(settings().web_links.dashboard_url, "https://grafana.example.org/d/release-watch?orgId=1");
  EXPECT_EQ(settings().prometheus->external_url, "https://prometheus.example.org/mimir");
  EXPECT_EQ(settings().alertmanager.external_url, "https://alertmanager.example.org");
  EXPECT_EQ(settings().web_links.runbook_url, "https://wiki.example.org/release-guard/runbook");
}

TEST(FullConfiguration, AnAlertmanagerIsToldUnlessTheFileSaysNo) {
  EXPECT_TRUE(AlertmanagerSettings{}.push);
  const auto loaded = load_settings(folder.parent_path() / "settings/alertmanager.yml");
  ASSERT_TRUE(loaded.value) << format(loaded.diagnostics);
  EXPECT_TRUE(loaded.value->alertmanager.push);
  EXPECT_EQ(loaded.value->alertmanager.warm_up, 2min);
}

TEST(FullConfiguration, AFileThatTwoGlobsFindIsReadOnce) {
  EXPECT_THAT(settings().rule_files, ElementsAre(folder / "rules/full.yml"));
  EXPECT_THAT(settings().groups, SizeIs(2));
}

TEST(FullConfiguration, AGlobPassesOverTheTestsThatLieBesideTheRules) {
  ASSERT_TRUE(fs::exists(folder / "rules/full.test.yml"));
  EXPECT_THAT(settings().rule_files, ElementsAre(folder / "rules/full.yml"));
}

TEST(FullConfiguration, BrakesHaveDefaultsWithoutBeingNamed) {
  const auto loaded = load_settings(folder.parent_path() / "settings/hook_unused.bad.yml");
  ASSERT_TRUE(loaded.value);
  EXPECT_EQ(loaded.value->brakes.breaker_services, 3);
  EXPECT_EQ(loaded.value->brakes.breaker_within, 10min);
}

}  // namespace
}  // namespace guard::config
