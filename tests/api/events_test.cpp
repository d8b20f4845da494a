// SPDX-License-Identifier: Apache-2.0
//
// Events of other systems as they come over HTTP. What public programs really send is in tests/e2e/test_events.py.
#include "guard/base/digest.hpp"
#include "guard/base/duration.hpp"
#include "tests/api/harness.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using engine::DeploymentState;
using engine::EventIntake;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* path = "/api/v1/events";
constexpr const char* secret = "the secret of the webhook";

// As continuous-deployment.md of CDEvents has it; MORE follows the subject.
std::string cdevent(const std::string& artifact, const std::string& more = "") {
  return R"({"context":{"version":"0.4.1","id":"e1","source":"/deployer","type":"dev.cdevents.service.deployed.0.2.0",)"
         R"("timestamp":"2026-01-31T12:00:00Z"},"subject":{"id":"service/shop","source":"/deployer","type":"service",)"
         R"("content":{"environment":{"id":"cluster-7"},"artifactId":")" +
         artifact + R"("}})" + more + "}";
}

std::string structured(const std::string& data, const std::string& type = "dev.cdevents.service.deployed.0.2.0") {
  return R"({"specversion":"1.0","id":"e1","source":"/deployer","time":"2026-01-31T12:00:00Z","type":")" + type +
         R"(","datacontenttype":"application/json","subject":"service/shop","chainid":"x","data":)" + data + "}";
}

std::string status(const std::string& state, const std::string& deployment = R"("ref":"v2","payload":{})") {
  return R"({"action":"created","deployment_status":{"id":1,"state":")" + state +
         R"(","creator":{"login":"ada"},"description":"done","environment":"prod","log_url":"https://ci.example.org/7",)"
         R"("created_at":"2026-01-31T12:00:00Z"},"deployment":{"id":77,"sha":"f95f852bd8","environment":"prod",)" +
         deployment + R"(},"repository":{"name":"storefront","full_name":"acme/storefront","default_branch":"main"}})";
}

class EventsApi : public testing::Test {
 protected:
  EventsApi() {
    auto& events = host.guard.configuration->events;
    events.github = config::GitHubEvents{Secret(secret), config::GitHubVersion::ref};
    events.services = {{"acme/storefront", "shop"}};
    events.environments = {{"cluster-7", "production"}, {"prod", "production"}};
  }
  static Host::Setup with_tokens() {
    Host::Setup setup;
    for (const auto role : {config::Role::alerts, config::Role::read, config::Role::deploy})
      setup.tokens.push_back(token(std::string(to_string(role)), role));
    return setup;
  }
  Answer send(std::vector<std::pair<std::string, std::string>> headers, const std::string& body,
              const std::string& role = "deploy") {
    auto bytes = Request{"POST", path, std::move(headers), body, role}.bytes();
    return Client(host).ask(bytes);
  }
  // The harness gives every body a Content-Type of its own, so this one is written whole.
  Answer send_structured(const std::string& body, const std::string& media = "application/cloudevents+json") {
    return Client(host).ask(
        fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer deploy-secret\r\n"
                    "Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                    path, media, body.size(), body));
  }
  Answer send_github(const std::string& body, const std::string& event = "deployment_status") {
    return send({{"X-GitHub-Event", event}, {"X-Hub-Signature-256", "sha256=" + keyed_digest(Secret(secret), body)}},
                body, "");
  }
  const engine::DeploymentEvent& news() { return host.guard.news.at(host.guard.news.size() - 1); }

  Host host{with_tokens()};
};

TEST_F(EventsApi, ReadsACDEventAsTheReleaseThatIsLive) {
  const auto answer = send_structured(structured(cdevent("pkg:oci/shop@sha256%3A0b31?repository_url=ghcr.io&tag=v2.1")),
                                      "application/cloudevents+json; charset=UTF-8");
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.headers.at("location"), "/api/v1/releases/r1");
  EXPECT_EQ(news().state, DeploymentState::live);
  EXPECT_EQ(news().spec.service, "shop");
  EXPECT_EQ(news().spec.environment, "production");
  EXPECT_EQ(news().spec.version, "v2.1");
  EXPECT_EQ(news().spec.previous_version, "");
  EXPECT_THAT(news().spec.id, StartsWith("cdevents:"));
  EXPECT_EQ(news().at, *parse_time("2026-01-31T12:00:00Z"));
  EXPECT_EQ(news().actor.name, "deploy");
  EXPECT_EQ(host.telemetry.events.at(EventIntake::taken), 1);
}

TEST_F(EventsApi, TheSameEventIsOneReleaseInEitherForm) {
  send_structured(structured(cdevent("v2")));
  const auto whole = news();
  send({{"ce-specversion", "1.0"},
        {"ce-id", "e1"},
        {"ce-source", "%2Fdeployer"},
        {"ce-type", "dev.cdevents.service.upgraded.0.2.0"},
        {"ce-time", "2026-01-31T12:00:00Z"}},
       cdevent("v2"));
  EXPECT_EQ(news().spec, whole.spec);
  EXPECT_EQ(news().at, whole.at);
}

TEST_F(EventsApi, TheVersionIsTheTagOfTheArtifactElseItsVersion) {
  const auto version_of = [&](const std::string& artifact) {
    send_structured(structured(cdevent(artifact)));
    return news().spec.version;
  };
  EXPECT_EQ(version_of("pkg:oci/shop@sha256%3A0b31b1c0"), "sha256:0b31b1c0");
  EXPECT_EQ(version_of("pkg:golang/mygit.com/myorg/shop@234fd47e#cmd"), "234fd47e");
  EXPECT_EQ(version_of("pkg:npm/%40acme/shop@1.2.3?tag="), "1.2.3");
  EXPECT_EQ(version_of("shop-1.14.0.whl"), "shop-1.14.0.whl");
  EXPECT_THAT(send_structured(structured(cdevent("pkg:oci/shop"))).error(), HasSubstr("version must not be empty"));
}

TEST_F(EventsApi, WhatAnEventCannotSayItsFreePartMay) {
  const std::string more =
      R"(,"customData":{"release_guard":{"version":"v3","previous_version":"v2","kind":"hotfix"}})";
  send_structured(structured(cdevent("pkg:oci/shop@sha256%3A0b31", more)));
  EXPECT_EQ(news().spec.version, "v3");
  EXPECT_EQ(news().spec.previous_version, "v2");
  EXPECT_EQ(news().spec.kind, model::ReleaseKind::hotfix);
  const auto misspelt =
      send_structured(structured(cdevent("v2", R"(,"customData":{"release_guard":{"verion":"v3"}})")));
  EXPECT_THAT(misspelt.error(), HasSubstr("did you mean \"version\"?"));
}

TEST_F(EventsApi, OtherEventsAreAnsweredForGoodWithTheReason) {
  const auto answer = send_structured(structured("{}", "dev.cdevents.build.finished.0.2.0"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("result":"ignored")"));
  EXPECT_THAT(answer.body, HasSubstr("dev.cdevents.service.deployed"));
  EXPECT_EQ(send_structured(structured("{}", "dev.cdevents.service.deployedby")).status, 200);
  EXPECT_THAT(host.guard.news, IsEmpty());
  host.guard.taken = fail(ErrorCode::not_found, "no rule group matches");
  const auto unmatched = send_structured(structured(cdevent("v2")));
  EXPECT_EQ(unmatched.status, 200) << "a broker would send it again for ever";
  EXPECT_THAT(unmatched.body, HasSubstr("no rule group matches"));
  EXPECT_EQ(host.telemetry.events.at(EventIntake::ignored), 3);
}

TEST_F(EventsApi, WhatIsNoEventIsRefused) {
  EXPECT_EQ(send({}, "{}").status, 400);
  EXPECT_THAT(send({}, "{}").error(), HasSubstr("this is no event that is known here"));
  EXPECT_THAT(send_structured("[]").error(), HasSubstr("a CloudEvent is an object"));
  EXPECT_THAT(send_structured(R"({"specversion":"0.3","id":"1","source":"a","type":"b"})").error(),
              HasSubstr("specversion must be 1.0"));
  EXPECT_THAT(send_structured(R"({"specversion":"1.0","id":"1","source":"a"})").error(), HasSubstr("type is missing"));
  EXPECT_THAT(send_structured(structured("{}")).error(), HasSubstr("data.subject is missing"));
  EXPECT_EQ(send_structured("[]", "application/cloudevents-batch+json").status, 415);
  EXPECT_EQ(send_structured("payload=%7B%7D", "application/x-www-form-urlencoded").status, 415);
  EXPECT_EQ(host.telemetry.events.at(EventIntake::invalid), 6);
  EXPECT_THAT(host.guard.news, IsEmpty());
}

TEST_F(EventsApi, RefusalsOfTheGuardAreThoseOfAnAnnouncement) {
  host.guard.taken = fail(ErrorCode::locked, "the sale");
  EXPECT_EQ(send_structured(structured(cdevent("v2"))).status, 423);
  host.guard.taken = fail(ErrorCode::unavailable, "the disk is full");
  EXPECT_EQ(send_structured(structured(cdevent("v2"))).status, 503);
  EXPECT_EQ(host.telemetry.events.at(EventIntake::refused), 2);
}

TEST_F(EventsApi, NeedsATokenOfRoleDeploy) {
  EXPECT_EQ(send({{"ce-specversion", "1.0"}}, "{}", "").status, 401);
  EXPECT_EQ(send({{"ce-specversion", "1.0"}}, "{}", "read").status, 403);
  EXPECT_EQ(send({{"ce-specversion", "1.0"}}, "{}", "alerts").status, 403);
}

TEST_F(EventsApi, ReadsADeploymentStatusOfGitHub) {
  EXPECT_EQ(send_github(status("success")).status, 201);
  EXPECT_EQ(news().state, DeploymentState::live);
  EXPECT_EQ(news().spec.id, "github:storefront:77");
  EXPECT_EQ(news().spec.service, "shop");
  EXPECT_EQ(news().spec.environment, "production");
  EXPECT_EQ(news().spec.version, "v2");
  EXPECT_EQ(news().spec.labels.at("run"), "https://ci.example.org/7");
  EXPECT_EQ(news().spec.labels.at("sha"), "f95f852bd8");
  EXPECT_EQ(news().actor.name, "GitHub for ada");
  EXPECT_EQ(news().at, *parse_time("2026-01-31T12:00:00Z"));
  send_github(status("in_progress"));
  EXPECT_EQ(news().state, DeploymentState::begun);
  for (const auto* failed : {"failure", "error"}) {
    send_github(status(failed));
    EXPECT_EQ(news().state, DeploymentState::failed);
    EXPECT_EQ(news().words, fmt::format("GitHub says {} done", failed));
  }
  for (const auto* other : {"queued", "pending", "waiting", "inactive"})
    EXPECT_THAT(send_github(status(other)).body, HasSubstr("ignored"));
  EXPECT_THAT(host.guard.news, SizeIs(4));
}

TEST_F(EventsApi, ABranchIsNoVersion) {
  EXPECT_THAT(send_github(status("success", R"("ref":"main","payload":"")")).error(),
              HasSubstr("the branch main, which tells no version from the next"));
  EXPECT_EQ(send_github(status("success", R"("ref":"refs/heads/x")")).status, 400);
  EXPECT_EQ(send_github(status("success", R"("ref":"refs/tags/v4","payload":null)")).status, 201);
  EXPECT_EQ(news().spec.version, "v4");
  send_github(status("success", R"("ref":"main","payload":{"release_guard":{"version":"v5","service":"till"}})"));
  EXPECT_EQ(news().spec.version, "v5");
  EXPECT_EQ(news().spec.service, "till");
  send_github(status("success", R"("ref":"main","payload":"{\"release_guard\":{\"version\":\"v6\"}}")"));
  EXPECT_EQ(news().spec.version, "v6");
  host.guard.configuration->events.github->version = config::GitHubVersion::sha;
  send_github(status("success", R"("ref":"main")"));
  EXPECT_EQ(news().spec.version, "f95f852bd8");
}

TEST_F(EventsApi, AnswersThePingAndPassesOverTheRest) {
  EXPECT_THAT(send_github(R"({"zen":"Keep it logically awesome."})", "ping").body,
              HasSubstr("GitHub reaches this guard"));
  EXPECT_EQ(send_github("{}", "push").status, 200);
  EXPECT_THAT(host.guard.news, IsEmpty());
}

TEST_F(EventsApi, TakesNothingOfGitHubThatIsNotSigned) {
  const auto body = status("success");
  const auto sign = [&](const std::string& signature) {
    return send({{"X-GitHub-Event", "deployment_status"}, {"X-Hub-Signature-256", signature}}, body, "").status;
  };
  EXPECT_EQ(sign(keyed_digest(Secret(secret), body)), 401) << "the algorithm is missing";
  EXPECT_EQ(sign("sha256=" + keyed_digest(Secret("another secret"), body)), 401);
  EXPECT_EQ(sign("sha256=" + keyed_digest(Secret(secret), body + " ")), 401);
  EXPECT_EQ(sign("sha1=0"), 401);
  EXPECT_EQ(send({{"X-GitHub-Event", "deployment_status"}}, body, "deploy").status, 401) << "no token is as good";
  host.guard.configuration->events.github.reset();
  EXPECT_EQ(sign("sha256=" + keyed_digest(Secret(""), body)), 401) << "no secret is not the empty one";
  EXPECT_THAT(host.guard.news, IsEmpty());
  EXPECT_EQ(host.telemetry.events.at(EventIntake::denied), 6);
  for (const auto& line : host.lines) EXPECT_THAT(line, testing::Not(HasSubstr(secret)));
}

TEST_F(EventsApi, BrokenBodiesOfGitHubAreRefused) {
  EXPECT_THAT(send_github("{}").error(), HasSubstr("deployment_status is missing"));
  EXPECT_EQ(send_github("[").status, 400);
  EXPECT_EQ(send_github(R"({"deployment_status":[],"deployment":{},"repository":{}})").status, 400);
  EXPECT_EQ(send_github(R"({"deployment_status":{"state":"success"},"deployment":{},"repository":{}})").status, 400);
  EXPECT_THAT(host.guard.news, IsEmpty());
}

}  // namespace
}  // namespace guard::test
