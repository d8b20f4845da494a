// SPDX-License-Identifier: Apache-2.0
//
// openapi.yaml against the server: the same routes, roles, statuses and names of values. That answers have its shape
// is tests/e2e/test_openapi.py.
#include "guard/report/period.hpp"
#include "guard/story/delivery_view.hpp"
#include "tests/api/harness.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace guard::test {
namespace {

using story::fields;
using testing::IsSupersetOf;
using testing::UnorderedElementsAreArray;

const std::set<std::string> methods{"get", "put", "post", "delete", "options", "head", "patch", "trace"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The archive that takes down the names of a list.
class Names {
 public:
  template <class T>
  void operator()(std::string_view name, T&&) {
    names.emplace_back(name);
  }

  std::vector<std::string> names;
};

class OpenApi : public testing::Test {
 protected:
  YAML::Node operation(const api::Route& route) { return document["paths"][route.pattern][lower(route.method)]; }

  template <class E>
  void expect_enum(const std::string& schema) {
    std::vector<std::string> written;
    for (const auto& value : document["components"]["schemas"][schema]["enum"])
      written.push_back(value.as<std::string>());
    std::vector<std::string> known;
    for (const auto& [value, name] : EnumNames<E>::table) known.emplace_back(name);
    EXPECT_EQ(written, known) << schema;
  }

  // The properties of a schema are those of the list, and `more`; all are always there.
  void expect_fields(const std::string& schema, const Names& listed, std::vector<std::string> more = {}) {
    more.insert(more.end(), listed.names.begin(), listed.names.end());
    const auto described = document["components"]["schemas"][schema];
    std::vector<std::string> properties;
    for (const auto& property : described["properties"]) properties.push_back(property.first.as<std::string>());
    EXPECT_THAT(properties, UnorderedElementsAreArray(more)) << schema;
    EXPECT_THAT(described["required"].as<std::vector<std::string>>(), UnorderedElementsAreArray(more)) << schema;
  }
  template <class View>
  void expect_view(const std::string& schema, const std::vector<std::string>& more = {}) {
    const View view{};
    Names listed;
    fields(listed, view);
    expect_fields(schema, listed, more);
  }

  Host host;
  YAML::Node document = YAML::LoadFile(SOURCE_DIR "/guard/api/openapi.yaml");
};

TEST_F(OpenApi, HoldsEveryRouteAndNothingElse) {
  std::set<std::string> written;
  for (const auto& path : document["paths"])
    for (const auto& operation : path.second)
      if (methods.contains(operation.first.as<std::string>()))
        written.insert(operation.first.as<std::string>() + " " + path.first.as<std::string>());
  std::set<std::string> served;
  for (const auto& route : host.router.routes()) served.insert(lower(route.method) + " " + route.pattern);
  EXPECT_EQ(written, served);
}

TEST_F(OpenApi, NamesTheRoleOfEveryOperation) {
  for (const auto& route : host.router.routes()) {
    const auto described = operation(route);
    const auto role = described["x-role"].as<std::string>("none");
    EXPECT_EQ(role, route.role ? std::string(to_string(*route.role)) : "none") << route.pattern;
    // Without a word of its own an operation needs the token that the document asks for as a whole.
    EXPECT_EQ(described["security"].IsDefined(), !route.role) << route.pattern;
  }
}

TEST_F(OpenApi, SaysWhatTheListenerMayAnswerToAnyRequest) {
  for (const auto& route : host.router.routes()) {
    std::set<std::string> statuses;
    for (const auto& response : operation(route)["responses"]) statuses.insert(response.first.as<std::string>());
    EXPECT_THAT(statuses, IsSupersetOf({"400", "408", "413", "415", "431", "501", "503"})) << route.pattern;
    EXPECT_EQ(statuses.contains("401"), route.role.has_value()) << route.pattern;
    EXPECT_EQ(statuses.contains("403"), route.role.has_value()) << route.pattern;
    EXPECT_EQ(statuses.contains("429"), route.role && route.role != config::Role::alerts) << route.pattern;
    // An event that no group matches is none of the guard's business.
    const bool refuses_others = statuses.contains("423") && route.pattern != "/api/v1/events";
    const bool needs_group = refuses_others || route.pattern == "/api/v1/preflight";
    EXPECT_EQ(statuses.contains("404"), route.pattern.find('{') != std::string::npos || needs_group) << route.pattern;
  }
}

TEST_F(OpenApi, ABodyIsDescribedWhereOneIsRead) {
  for (const auto& route : host.router.routes())
    EXPECT_EQ(operation(route)["requestBody"].IsDefined(), route.takes_json) << route.pattern;
}

TEST_F(OpenApi, FieldsAreThoseThatAreWrittenAndRead) {
  expect_view<story::RuleView>("Rule", {"links"});
  expect_view<story::EvidenceView>("ShareEvidence");
  expect_view<story::Nearest>("Nearest");
  expect_view<story::NextStep>("NextStep");
  expect_view<model::Signal>("Signal");
  expect_view<story::LastGood>("LastGood");
  expect_view<model::Decision>("Decision");
  expect_view<model::Attempt>("Attempt");
  expect_view<story::EventView>("TimelineEvent");
  expect_view<story::TimelineView>("WithTimeline");
  expect_view<story::InForce>("InForce");
  expect_view<story::FreezeView>("Freeze");
  expect_view<story::CheckView>("Check");
  expect_view<story::GateView>("Gate");
  expect_view<story::PreflightView>("Preflight");
  expect_view<model::Contacts>("Contacts");
  expect_view<story::DeliveryView>("Delivery");
  expect_view<story::DeliveryFigures>("DeliveryFigures");
  expect_view<story::FailureView>("Failure");
  const story::ReleaseView release;
  Names summary;
  story::summary_fields(summary, release);
  expect_fields("ReleaseSummary", summary);
  Names evidence;
  story::evidence_fields(evidence, release);
  expect_fields("Evidence", evidence, {"links"});
}

TEST_F(OpenApi, NamesOfValuesAreTheGuardsOwn) {
  expect_enum<model::Phase>("Phase");
  expect_enum<model::ReleaseKind>("ReleaseKind");
  expect_enum<model::Mode>("Mode");
  expect_enum<model::RuleKind>("RuleKind");
  expect_enum<model::Action>("Action");
  expect_enum<model::Unit>("Unit");
  expect_enum<model::Outcome>("Outcome");
  expect_enum<model::Verdict>("Verdict");
  expect_enum<model::Reason>("Reason");
  expect_enum<model::DecisionKind>("DecisionKind");
  expect_enum<model::Trigger>("Trigger");
  expect_enum<model::Brake>("Brake");
  expect_enum<model::CallState>("CallState");
  expect_enum<model::AttemptResult>("AttemptResult");
  expect_enum<alerts::AlertStatus>("AlertStatus");
  expect_enum<report::Format>("ReportFormat");
  expect_enum<report::PeriodFormat>("PeriodFormat");
  expect_enum<model::FreezeOrigin>("FreezeOrigin");
  expect_enum<model::CheckState>("CheckState");
}

TEST_F(OpenApi, EveryCodeOfAnErrorIsListed) {
  const auto codes = document["components"]["schemas"]["ErrorCode"]["enum"];
  std::set<std::string> written;
  for (const auto& code : codes) written.insert(code.as<std::string>());
  std::set<std::string> sent;
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const auto body = api::error_response({static_cast<ErrorCode>(code), ""}).body;
    sent.insert(YAML::Load(body)["code"].as<std::string>());
  }
  EXPECT_EQ(written, sent);
}

}  // namespace
}  // namespace guard::test
