// SPDX-License-Identifier: Apache-2.0
//
// A configuration as it may be shown: everything that is no secret, and nothing that may be one.
#include "guard/config/shown.hpp"

#include "guard/base/file.hpp"
#include "guard/config/load.hpp"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A configuration with a secret under every key that may hold one.
constexpr auto full_of_secrets = R"(# the-secret of a comment
prometheus:
  url: https://mimir.internal:8443/prometheus
  params: { key: the-secret }
  headers: { X-Scope-OrgID: the-secret }
  basic_auth: { username: guard, password_file: password }
alertmanager:
  urls: ["http://alertmanager.internal:9093"]
  headers: { X-Key: the-secret }
rule_files: [rules/*.yml]
hooks:
  - name: undo
    command:
      argv: [./undo.sh, --token=the-secret, "{{ previous_version }}"]
      rehearse: [./undo.sh, the-secret]
      timeout: 010s
  - name: api
    http:
      url: https://deploy.internal/hooks/the-secret?key=the-secret
      rehearse: https://deploy.internal/the-secret
      headers: { X-Key: the-secret }
      secret_file: hook.secret
web: { dashboard_url: "https://grafana.example.org/d/release-watch?orgId=1" }
events:
  services: { acme/storefront: shop }
)";

std::string shown(const std::string& text) {
  const Source source("guard.yml", text);
  Diagnostics diagnostics;
  const auto root = read_yaml(Report(source, diagnostics));
  EXPECT_TRUE(root) << format(diagnostics);
  return root ? shown_text(*root, objects::settings) : "";
}

TEST(Shown, NoSecretIsInIt) {
  const auto text = shown(full_of_secrets);
  EXPECT_THAT(text, Not(HasSubstr("the-secret")));
  EXPECT_THAT(text, AllOf(HasSubstr("X-Scope-OrgID: <secret>"), HasSubstr("key: <secret>"),
                          HasSubstr("url: https://mimir.internal:8443/prometheus"),
                          HasSubstr("https://deploy.internal:443/<secret>")));
}

// So that the test above stays one of all keys.
TEST(Shown, EveryKeyThatMayHoldASecretIsTried) {
  for (const auto* object : all_objects())
    for (const auto& key : object->keys)
      if (key.secret) {
        EXPECT_THAT(full_of_secrets, HasSubstr(std::string(key.name) + ":")) << object->name;
      }
}

// A new key of a type in which secrets are written must be one or be named here.
TEST(Shown, WhatIsCalledOrSentIsSecretUnlessItIsNamedHere) {
  const std::set<std::string_view> types{"URL", "list of URLs", "texts by name", "list of texts"};
  const std::set<std::string_view> open{"external_url", "dashboard_url", "runbook_url", "services",
                                        "environments", "labels",        "values",      "server",
                                        "annotations",  "urls",          "url"};
  // Never shown.
  const std::set<const ObjectInfo*> web_file{&objects::web_file, &objects::web_file_tls, &objects::web_file_http};
  for (const auto* object : all_objects())
    for (const auto& key : object->keys)
      if (types.contains(key.type.name) && !key.secret && !web_file.contains(object)) {
        EXPECT_TRUE(open.contains(key.name)) << object->name << " " << key.name;
      }
}

TEST(Shown, AllElseIsThereAsItWasWritten) {
  const auto text = shown(full_of_secrets);
  for (const auto* part : {"username: guard", "password_file: password", "- rules/*.yml", "name: undo", "- ./undo.sh",
                           "{{ previous_version }}", "timeout: 010s", "secret_file: hook.secret",
                           "acme/storefront: shop", "https://grafana.example.org/d/release-watch?orgId=1"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("#")));
}

TEST(Shown, IsYamlThatSaysTheSame) {
  const auto once = shown(full_of_secrets);
  EXPECT_EQ(shown("web: { external_url: \"http://a\" }\nfreezes: []\nbrakes:\n"),
            "web:\n  external_url: http://a\nfreezes:\n  []\nbrakes: ~\n");
  const Source source("shown.yml", once);
  Diagnostics diagnostics;
  EXPECT_TRUE(read_yaml(Report(source, diagnostics)));
  EXPECT_EQ(format(diagnostics), "");
}

TEST(Shown, AUrlIsCutWhereASecretMayBegin) {
  const auto cut = [](const std::string& url) {
    const auto text = shown("hooks: [{ http: { url: \"" + url + "\" } }]\n");
    const auto at = text.find("url: ") + 5;
    return text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(cut("http://a:9090/"), "http://a:9090/");
  EXPECT_EQ(cut("http://a/the-secret"), "http://a:80/<secret>");
  EXPECT_EQ(cut("https://a?the-secret"), "https://a:443/<secret>");
  EXPECT_EQ(cut("http://me:the-secret@a"), "<secret>");
}

TEST(Shown, AnArgumentThatIsMoreThanAFieldIsHidden) {
  const auto text =
      shown(R"(hooks: [{ command: { argv: [a, "{{ version }}", "{{ version }}the-secret", "the-secret{{ version }}",
  "{{ version }} the-secret {{ version }}", "{", ""] } }])");
  EXPECT_THAT(text, Not(HasSubstr("the-secret")));
  EXPECT_THAT(text, HasSubstr("- a\n        - \"{{ version }}\"\n        - <secret>\n"));
}

TEST(Shown, WhatIsNotKnownIsHidden) {
  EXPECT_EQ(shown("colour: { red: [the-secret] }\n"), "colour:\n  red:\n    - <secret>\n");
}

TEST(Shown, IsKeptWithTheSettings) {
  const auto loaded = load_settings(std::filesystem::path(TESTDATA_DIR) / "config/full/guard.yml");
  ASSERT_TRUE(loaded.value);
  EXPECT_THAT(loaded.value->shown, AllOf(HasSubstr("X-Scope-OrgID: <secret>"), HasSubstr("name: undo")));
  for (const auto* file : {"operator.token", "alertmanager.token", "password", "hook.secret", "github.secret"}) {
    const auto secret = read_secret(std::filesystem::path(TESTDATA_DIR) / "config/full" / file);
    EXPECT_THAT(loaded.value->shown, Not(HasSubstr(secret->reveal()))) << file;
  }
}

}  // namespace
}  // namespace guard::config
