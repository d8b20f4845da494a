// SPDX-License-Identifier: Apache-2.0
//
// What each route makes of a request and of the guard's answer, over the wire.
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string announcement =
    R"({"service":"shop","environment":"production","version":"v2","previous_version":"v1","id":"r1"})";
const std::string id = "release-with-a-long-id-0001";

json::value parsed(const Answer& answer) {
  return parse_json(answer.body).value_or(json::value("not JSON: " + answer.body));
}

std::string notification(const std::string& version = "4") {
  return R"({"version":")" + version + R"(","groupKey":"{}:{}","receiver":"guard","status":"firing","alerts":[)" +
         R"({"status":"firing","labels":{"alertname":"Down"},"annotations":{},)" +
         R"("startsAt":"2026-01-31T12:00:00.123456789Z","endsAt":"0001-01-01T00:00:00Z",)" +
         R"("generatorURL":"","fingerprint":"00112233445566ff"}]})";
}

class Handlers : public testing::Test {
 protected:
  Host host;
  Client client{host};
};

TEST_F(Handlers, ANewReleaseIsCreatedAtItsPath) {
  const auto answer = client.ask(post("/api/v1/releases", announcement));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.at("location"), "/api/v1/releases/" + id);
  EXPECT_EQ(parsed(answer).at("id").as_string(), id);
  ASSERT_EQ(host.guard.announced.size(), 1U);
  EXPECT_EQ(host.guard.announced[0].id, "r1");
  EXPECT_THAT(host.guard.actors, ElementsAre("anyone on this machine"));
}

TEST_F(Handlers, TheSameAnnouncementAgainIs200) {
  host.guard.announcement->created = false;
  EXPECT_EQ(client.ask(post("/api/v1/releases", announcement)).status, 200);
}

TEST_F(Handlers, ARefusedAnnouncementIsAnsweredWithItsReason) {
  const std::vector<std::pair<Error, int>> refusals{{{ErrorCode::conflict, "another release has this id"}, 409},
                                                    {{ErrorCode::locked, "frozen: holidays"}, 423},
                                                    {{ErrorCode::not_found, "no rule group matches"}, 404},
                                                    {{ErrorCode::unavailable, "the journal is busy"}, 503},
                                                    {{ErrorCode::internal, "the disk is full"}, 500}};
  for (const auto& [error, status] : refusals) {
    host.guard.announcement = std::unexpected(error);
    const auto answer = client.ask(post("/api/v1/releases", announcement));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.error(), error.message);
    EXPECT_EQ(answer.headers.contains("retry-after"), status == 503);
  }
}

TEST_F(Handlers, TheIdempotencyKeyNamesTheRelease) {
  Request request{"POST", "/api/v1/releases", {{"Idempotency-Key", "\"build-17\""}}, announcement, ""};
  request.body.replace(request.body.find(R"(,"id":"r1")"), 10, "");
  EXPECT_EQ(client.ask(request.bytes()).status, 201);
  EXPECT_EQ(host.guard.announced.at(0).id, "build-17");
}

TEST_F(Handlers, ABadBodyReachesNoGuard) {
  EXPECT_EQ(client.ask(post("/api/v1/releases", "{\"service\":\"\xff\"}")).error(), "the body is not UTF-8");
  EXPECT_THAT(client.ask(post("/api/v1/releases", std::string(5000, '['))).error(), HasSubstr("not valid JSON"));
  EXPECT_EQ(client.ask(post("/api/v1/releases", "{}")).error(), "service is missing");
  EXPECT_TRUE(host.guard.announced.empty());
}

TEST_F(Handlers, AReleaseIsShownWithItsOwnTimeline) {
  const auto answer = client.ask(get("/api/v1/releases/" + id));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer).at("timeline").as_array().size(), 2U);
  EXPECT_THAT(host.guard.timelines, ElementsAre(id));
  EXPECT_EQ(client.ask(get("/api/v1/releases/other")).status, 404);
  host.guard.events = fail(ErrorCode::internal, "the disk is gone");
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id)).status, 500);
}

TEST_F(Handlers, ATimelineIsGivenInParts) {
  host.guard.events->before = 41;
  const auto answer = client.ask(get("/api/v1/releases/" + id));
  EXPECT_EQ(parsed(answer).at("timeline_before").to_number<int>(), 41);
  EXPECT_EQ(host.guard.pages.at(0).limit, 200U);
  EXPECT_FALSE(host.guard.pages.at(0).before);
  host.guard.events->before.reset();
  const auto older = client.ask(get("/api/v1/releases/" + id + "?timeline_limit=1000&timeline_before=41"));
  EXPECT_TRUE(parsed(older).at("timeline_before").is_null()) << "there is nothing older";
  EXPECT_EQ(host.guard.pages.at(1).limit, 1000U);
  EXPECT_EQ(host.guard.pages.at(1).before, 41);
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "?timeline_limit=1001")).error(),
            "timeline_limit must be a whole number from 1 to 1000");
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "?timeline_before=x")).error(),
            "timeline_before must be what another answer said in `timeline_before`");
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "?limit=1")).status, 400);
}

TEST_F(Handlers, AReportSaysThatOlderEntriesAreLeftOut) {
  host.guard.events->before = 41;
  EXPECT_THAT(client.ask(get("/api/v1/releases/" + id + "/report?format=md")).body,
              HasSubstr("Only the newest 2 entries are shown"));
  EXPECT_THAT(client.ask(get("/api/v1/releases/" + id + "/report?format=html")).body,
              HasSubstr("Only the newest 2 entries are shown"));
  EXPECT_EQ(host.guard.pages.at(0).limit, 2000U);
  host.guard.events->before.reset();
  EXPECT_THAT(client.ask(get("/api/v1/releases/" + id + "/report?format=md")).body,
              testing::Not(HasSubstr("Only the newest")));
}

TEST_F(Handlers, TheListIsFilteredAndLimited) {
  const auto answer = client.ask(get("/api/v1/releases?service=shop&environment=production&open=true&limit=2"));
  EXPECT_EQ(parsed(answer).at("releases").as_array().size(), 2U);
  ASSERT_EQ(host.guard.filters.size(), 1U);
  EXPECT_EQ(host.guard.filters[0].places.service, "shop");
  EXPECT_EQ(host.guard.filters[0].places.environment, "production");
  EXPECT_TRUE(host.guard.filters[0].open_only);
  EXPECT_FALSE(host.guard.filters[0].needs_person_only);
  EXPECT_EQ(client.ask(get("/api/v1/releases?needs_person=true")).status, 200);
  EXPECT_TRUE(host.guard.filters.at(1).needs_person_only);
  EXPECT_EQ(client.ask(get("/api/v1/releases?open=yes")).error(), "open must be true or false");
  EXPECT_EQ(host.guard.filters.at(0).limit, 2U) << "no more are made than are shown";
  for (const std::string limit : {"0", "1001", "-1", "1.5", "x", "%20"})
    EXPECT_EQ(client.ask(get("/api/v1/releases?limit=" + limit)).error(), "limit must be a whole number from 1 to 1000")
        << limit;
  EXPECT_EQ(client.ask(get("/api/v1/releases?sevice=shop")).error(),
            "unknown query parameter \"sevice\", did you mean \"service\"?");
}

TEST_F(Handlers, TheListIsFilteredByPhases) {
  EXPECT_EQ(client.ask(get("/api/v1/releases?phase=passed,rolled_back")).status, 200);
  EXPECT_THAT(host.guard.filters.at(0).phases, ElementsAre(model::Phase::passed, model::Phase::rolled_back));
  EXPECT_EQ(client.ask(get("/api/v1/releases?phase=")).status, 200);
  EXPECT_TRUE(host.guard.filters.at(1).phases.empty());
  for (const std::string wrong : {"past", "passed,", ",passed", "passed%20"})
    EXPECT_THAT(client.ask(get("/api/v1/releases?phase=" + wrong)).error(),
                HasSubstr("phase must be one of deploying, settling"))
        << wrong;
}

TEST_F(Handlers, TheListNamesWhatItMayBeFilteredBy) {
  const auto answer = parsed(client.ask(get("/api/v1/releases")));
  EXPECT_EQ(json::serialize(answer.at("environments")), R"(["production","staging"])");
}

TEST_F(Handlers, TheListHasTheObjectiveToLookAtFirst) {
  const auto listed = parsed(client.ask(get("/api/v1/releases?limit=1"))).at("releases").at(0);
  EXPECT_EQ(listed.at("nearest").at("slo"), "error_rate");
  EXPECT_EQ(listed.at("nearest").at("value_text"), "20%");
  EXPECT_EQ(listed.at("decided_by"), "");
}

TEST_F(Handlers, WhoGaveTheLastWordIsTold) {
  host.guard.view->decided_by = "operator";
  EXPECT_EQ(parsed(client.ask(get("/api/v1/releases?limit=1"))).at("releases").at(0).at("decided_by"), "operator");
}

TEST_F(Handlers, AReleaseLinksToWhereItCanBeSeen) {
  host.guard.configuration->prometheus.emplace();
  host.guard.configuration->prometheus->external_url = "https://prometheus.example";
  host.guard.configuration->web_links.dashboard_url = "https://grafana.example/d/x";
  for (const auto& answer :
       {client.ask(get("/api/v1/releases/" + id)), client.ask(post("/api/v1/releases", announcement)),
        client.ask(post("/api/v1/releases/r1/pause", "")),
        client.ask(get("/api/v1/releases/" + id + "/report?format=json"))}) {
    EXPECT_EQ(parsed(answer).at("links").at(0).at("name"), "Dashboard");
    EXPECT_THAT(std::string(parsed(answer).at("rules").at(0).at("links").at(0).at("url").as_string()),
                HasSubstr("https://prometheus.example/graph?g0.expr="));
  }
}

TEST_F(Handlers, EveryVerbIsPassedOn) {
  for (const auto& [verb, name] : EnumNames<model::Verb>::table) {
    const auto body = verb == model::Verb::live ? "" : R"({"reason":"because"})";
    EXPECT_EQ(client.ask(post(fmt::format("/api/v1/releases/r1/{}", name), body)).status, 200);
    ASSERT_FALSE(host.guard.orders.empty());
    EXPECT_EQ(host.guard.orders.back().verb, verb);
    EXPECT_EQ(host.guard.orders.back().release, "r1");
  }
  host.guard.view = fail(ErrorCode::conflict, "it has passed already");
  EXPECT_EQ(client.ask(post("/api/v1/releases/r1/pause", "")).status, 409);
}

TEST_F(Handlers, ASignalIsPassedOn) {
  EXPECT_EQ(client.ask(post("/api/v1/releases/r1/signal", R"({"name":"e2e","status":"succeeded"})")).status, 200);
  ASSERT_EQ(host.guard.posts.size(), 1U);
  EXPECT_EQ(host.guard.posts[0].signal, (model::Signal{true, "", host.clock.now().wall}));
}

TEST_F(Handlers, AReportComesInTheFormatAskedFor) {
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "/report")).headers.at("content-type"),
            "text/markdown; charset=utf-8");
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "/report?format=html")).headers.at("content-type"),
            "text/html; charset=utf-8");
  EXPECT_EQ(parsed(client.ask(get("/api/v1/releases/" + id + "/report?format=json"))).at("id").as_string(), id);
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "/report?format=pdf")).status, 400);
}

TEST_F(Handlers, AReportAsksForEachObjectiveThatHasNumbers) {
  host.guard.chart = some_series();
  const auto report = parsed(client.ask(get("/api/v1/releases/" + id + "/report?format=json")));
  ASSERT_EQ(host.guard.drawn.size(), 1U);
  EXPECT_EQ(host.guard.drawn[0].release, id);
  EXPECT_EQ(host.guard.drawn[0].slo, "error_rate");
  EXPECT_EQ(report.at("figures").at(0).at("points").to_number<int>(), 3);
}

TEST_F(Handlers, AReportIsWrittenWhateverBecomesOfPrometheus) {
  host.guard.chart = fail(ErrorCode::timeout, "Prometheus is too slow");
  const auto answer = client.ask(get("/api/v1/releases/" + id + "/report?format=json"));
  EXPECT_EQ(answer.status, 200);
  const auto figures = parsed(answer).at("figures").at(0);
  EXPECT_EQ(figures.at("problem"), "Prometheus is too slow");
  EXPECT_EQ(figures.at("objective"), "< 1%");
  EXPECT_TRUE(figures.at("worst").is_null());
}

TEST_F(Handlers, AReportOfWhatNeverWentLiveAsksNothing) {
  host.guard.view->live_at.reset();
  EXPECT_EQ(client.ask(get("/api/v1/releases/" + id + "/report")).status, 200);
  EXPECT_TRUE(host.guard.drawn.empty());
}

TEST_F(Handlers, AWebhookIsAcknowledgedOnlyWhenItIsDurable) {
  host.guard.hold = true;
  client.send(post("/api/v1/alertmanager", notification()));
  ASSERT_TRUE(host.until([&] { return !host.guard.notifications.empty(); }));
  EXPECT_FALSE(client.has_more());
  host.guard.answer();
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer), (json::value{{"received", 2}, {"fresh", 1}}));
}

TEST_F(Handlers, Fault34AWebhookThatCannotBeKeptIsWantedAgain) {
  for (const auto code : {ErrorCode::unavailable, ErrorCode::internal, ErrorCode::conflict}) {
    host.guard.intake = fail(code, "the disk is full");
    const auto answer = client.ask(post("/api/v1/alertmanager", notification()));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.error(), "the disk is full");
  }
  EXPECT_EQ(host.telemetry.alerts[engine::AlertIntake::refused], 3U);
}

TEST_F(Handlers, Fault30WhatIsNoWebhookOfAKnownVersionIsToldSoAndCounted) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {notification("5"), "version is \"5\": the guard reads Alertmanager's webhook, which is of version \"4\""},
      {R"({"text":"a custom payload"})", "version is missing: the guard reads"},
      {"", "not valid JSON at byte 0"},
      {"[]", "the body must be an object"},
      {R"({"version":"4","groupKey":"g"})", "receiver is missing"},
      {R"({"version":"4","groupKey":"g","receiver":"r"})", "alerts must be an array"},
      {R"({"version":"4","groupKey":"g","receiver":"r","alerts":[{"status":"odd"}]})",
       "alerts[0].status must be firing or resolved"},
      {"{\"version\":\"4\",\"groupKey\":\"\xff\"}", "the body is not UTF-8"}};
  for (const auto& [body, message] : bad) {
    const auto answer = client.ask(post("/api/v1/alertmanager", body));
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.error(), HasSubstr(message));
  }
  EXPECT_EQ(host.telemetry.alerts[engine::AlertIntake::invalid], bad.size());
  EXPECT_TRUE(host.guard.notifications.empty());
}

TEST_F(Handlers, MetricsSayTheirVersion) {
  const auto answer = client.ask(get("/metrics"));
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.body, "up 1\n");
}

TEST_F(Handlers, ReadinessNamesWhatIsWrong) {
  EXPECT_EQ(client.ask(get("/-/ready")).status, 200);
  host.guard.condition.ready = false;
  host.guard.condition.problems = {"the journal cannot be written"};
  const auto answer = client.ask(get("/-/ready"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "Release Guard is not ready.\nthe journal cannot be written\n");
  EXPECT_EQ(client.ask(get("/-/healthy")).status, 200);
}

TEST_F(Handlers, ReadinessTellsDetailsOnlyToWhoMayRead) {
  host.guard.condition.ready = false;
  host.guard.condition.problems = {"the journal cannot be written"};
  host.guard.condition.store_trouble = {"/var/lib/x/journal.db: disk I/O error (SQLite 10)"};
  EXPECT_THAT(client.ask(get("/-/ready")).body, HasSubstr("journal.db: disk I/O error")) << "this machine, no tokens";
  host.router.replace(api::Gatekeeper({{token("reader", config::Role::read)}}));
  EXPECT_EQ(client.ask(get("/-/ready")).body, "Release Guard is not ready.\nthe journal cannot be written\n");
  EXPECT_THAT(client.ask(get("/-/ready", "reader")).body, HasSubstr("journal.db: disk I/O error"));
}

TEST_F(Handlers, WhatIsSaidOnlyToWhoMayReadServesNoSearchForAToken) {
  host.router.replace(api::Gatekeeper({{token("reader", config::Role::read)}}));
  int answered = 0;
  for (int i = 0; i < 100; ++i) answered += Client(host).ask(get("/-/ready", "guess")).status == 200 ? 1 : 0;
  EXPECT_LT(answered, 50);
  EXPECT_EQ(client.ask(get("/-/ready")).status, 200) << "who shows no token guesses none";
  EXPECT_EQ(client.ask(get("/-/ready", "reader")).status, 200);
}

TEST_F(Handlers, AReloadSaysHowItWent) {
  EXPECT_EQ(client.ask(post("/-/reload", "")).body, "the configuration was reloaded\n");
  host.guard.reloading = fail(ErrorCode::invalid, "rules.yml:3:1: unknown key");
  const auto answer = client.ask(Request{"PUT", "/-/reload", {}, "", ""}.bytes());
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body,
            "the configuration was not reloaded; the last good one stays in force:\nrules.yml:3:1: unknown key\n");
}

TEST_F(Handlers, EveryAnswerForbidsGuessingItsTypeAndKeepingIt) {
  for (const std::string target : {"/", "/metrics", "/nothing"}) {
    const auto answer = client.ask(get(target));
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << target;
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store") << target;
  }
}

}  // namespace
}  // namespace guard::test
