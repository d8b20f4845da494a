// SPDX-License-Identifier: Apache-2.0
//
// The request that is really sent, and what becomes of an answer that is not about the time asked for.
#include "guard/metrics/prometheus_client.hpp"

#include "tests/http/client_of.hpp"

#include <gmock/gmock.h>

namespace guard::metrics {
namespace {

using http::answer;
using http::Peer;
using http::RawServer;
using http::Recording;
using model::Reason;
using testing::HasSubstr;

constexpr Duration deadline = std::chrono::seconds(20);
const WallTime asked{Duration(1'700'000'000'050)};

std::string body_at(double seconds) {
  return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[)" +
         std::to_string(seconds) + R"(,"7"]}]}})";
}

// It is `asked`, and later by `took` at each further look.
class SlowClock final : public Clock {
 public:
  explicit SlowClock(Duration took) : took_(took) {}
  Instant now() const override { return {asked + took_ * looks_++, {}}; }
  const std::string& boot_id() const override { return boot_; }

 private:
  Duration took_;
  mutable int looks_ = 0;
  std::string boot_ = "boot";
};

const SlowClock standing_still{Duration{0}};

// One question to a server that answers with `text`, and what was sent.
struct Asked {
  explicit Asked(std::string text, PrometheusClient::Options with = {}, const std::string& path = "",
                 const Clock& clock = standing_still)
      : recording(std::move(text)), server(std::ref(recording)), client(make(path), std::move(with), clock) {}

  http::Client make(const std::string& path) const {
    return *http::Client::make(http::settings_for(server.url() + path), http::machine_clock);
  }
  model::Samples query() { return client.query({"up{a=\"b\"} + 1", asked, deadline}); }
  std::string sent() { return recording.requests().at(0); }

  Recording recording;
  RawServer server;
  PrometheusClient client;
};

TEST(PrometheusClient, AsksWithAFormAtOneTimeWithADeadlineForTheServer) {
  Asked ask(answer(body_at(1'700'000'000.05)), {{{"partial_response", "false"}}, false}, "/prometheus");
  const auto samples = ask.query();
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_EQ(samples->front().value, 7);
  EXPECT_THAT(ask.sent(), testing::StartsWith("POST /prometheus/api/v1/query HTTP/1.1\r\n"));
  EXPECT_THAT(ask.sent(), HasSubstr("\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_THAT(ask.sent(), testing::EndsWith("\r\n\r\nquery=up%7Ba%3D%22b%22%7D%20%2B%201&time=1700000000.050"
                                            "&timeout=20000ms&partial_response=false"));
}

TEST(PrometheusClient, AsksForARangeWithItsStep) {
  Asked ask(answer(R"({"status":"success","data":{"resultType":"matrix","result":[]}})"));
  ASSERT_TRUE(ask.client.query_range({"x", asked, asked + Duration(60'000), Duration(1500), deadline}));
  EXPECT_THAT(ask.sent(), testing::StartsWith("POST /api/v1/query_range HTTP/1.1\r\n"));
  EXPECT_THAT(ask.sent(), testing::EndsWith("\r\n\r\nquery=x&start=1700000000.050&end=1700000060.050&step=1500ms"
                                            "&timeout=20000ms"));
}

TEST(PrometheusClient, Fault18AnAnswerAboutAnotherTimeIsAnError) {
  for (const double seconds : {1'700'000'000.0 - 61, 1'700'000'000.0 + 62, 0.0}) {
    const auto samples = Asked(answer(body_at(seconds))).query();
    ASSERT_FALSE(samples) << seconds;
    EXPECT_EQ(samples.error().reason, Reason::wrong_type);
    EXPECT_THAT(samples.error().message, HasSubstr("though 2023-11-14 22:13:20 UTC was asked for"));
  }
  for (const double seconds : {1'700'000'000.0 - 59, 1'700'000'000.0 + 59})
    EXPECT_TRUE(Asked(answer(body_at(seconds))).query()) << seconds;
}

model::Samples asked_of_a_clock(const std::string& date, Duration took = Duration{0}) {
  const SlowClock clock(took);
  return Asked(answer(body_at(1'700'000'000.05), "Date: " + date + "\r\n"), {}, "", clock).query();
}

TEST(PrometheusClient, Fault19AServerWithAnotherClockGivesNoEvidence) {
  const auto ahead = asked_of_a_clock("Tue, 14 Nov 2023 23:13:20 GMT");
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().reason, Reason::wrong_type);
  EXPECT_EQ(ahead.error().message, "the server's clock is 59m59s950ms ahead of the guard's: set the clocks");
  const auto behind = asked_of_a_clock("Tue, 14 Nov 2023 22:12:00 GMT");
  ASSERT_FALSE(behind);
  EXPECT_THAT(behind.error().message, HasSubstr("1m19s51ms behind the guard's"));
  for (const auto* date : {"Tue, 14 Nov 2023 22:14:00 GMT", "Tue, 14 Nov 2023 22:12:21 GMT", "yesterday", ""})
    EXPECT_TRUE(asked_of_a_clock(date)) << date;
}

TEST(PrometheusClient, Fault19HowFarItsClockIsAheadIsTold) {
  std::vector<Duration> told;
  PrometheusClient::Options options;
  options.skew = [&](Duration skew) { told.push_back(skew); };
  EXPECT_TRUE(Asked(answer(body_at(1'700'000'000.05), "Date: Tue, 14 Nov 2023 22:14:00 GMT\r\n"), options).query());
  EXPECT_THAT(told, testing::ElementsAre(Duration(39'950)));
}

TEST(PrometheusClient, ASlowAnswerIsNoWrongClock) {
  EXPECT_TRUE(asked_of_a_clock("Tue, 14 Nov 2023 22:15:00 GMT", std::chrono::seconds(100)));
  EXPECT_FALSE(asked_of_a_clock("Tue, 14 Nov 2023 22:17:00 GMT", std::chrono::seconds(100)));
}

TEST(PrometheusClient, TransportFailuresMayHelpLaterAndOthersDoNot) {
  const auto nowhere = "http://127.0.0.1:" + std::to_string(http::closed_port());
  PrometheusClient to_nowhere(*http::Client::make(http::settings_for(nowhere), http::machine_clock), {},
                              standing_still);
  EXPECT_TRUE(to_nowhere.query({"x", asked, deadline}).error().transient);
  EXPECT_EQ(to_nowhere.check_syntax("x", deadline).error().code, ErrorCode::unavailable);

  const RawServer broken([](Peer& peer) { peer.read_request(); });
  PrometheusClient to_broken(http::client_of(broken), {}, standing_still);
  const auto samples = to_broken.query({"x", asked, deadline});
  ASSERT_FALSE(samples);
  EXPECT_EQ(samples.error().reason, Reason::query_failed);
  EXPECT_TRUE(samples.error().transient);

  const auto large = Asked(answer(std::string((1U << 20U) + 1, 'x'))).query();
  ASSERT_FALSE(large);
  EXPECT_FALSE(large.error().transient) << large.error().message;
}

TEST(PrometheusClient, PartialAnswersAreAcceptedOnlyWhereTheSettingsSaySo) {
  const auto text = answer(R"({"status":"success","warnings":["gone"],"data":{"resultType":"vector","result":[]}})");
  EXPECT_EQ(Asked(text).query().error().reason, Reason::partial_result);
  EXPECT_TRUE(Asked(text, {{}, true}).query());
}

std::string with_status(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

TEST(CheckSyntax, TheServersRefusalIsToldInItsWords) {
  Asked ask(with_status(400, R"({"status":"error","errorType":"bad_data","error":"1:3: parse error"})"));
  const auto checked = ask.client.check_syntax("x{", deadline);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error(), (Error{ErrorCode::invalid, "1:3: parse error"}));
  EXPECT_THAT(ask.sent(), testing::StartsWith("POST /api/v1/format_query HTTP/1.1\r\n"));
  EXPECT_THAT(ask.sent(), testing::EndsWith("\r\n\r\nquery=x%7B"));
}

// Answers /api/v1/format_query with one text and everything else with another, and keeps what was asked.
struct TwoAnswers {
  TwoAnswers(std::string of_format, std::string of_query)
      : server([this, of_format = std::move(of_format), of_query = std::move(of_query)](Peer& peer) {
          const auto request = peer.read_request();
          const bool format = request.starts_with("POST /api/v1/format_query");
          if (!format) asked_value = request;
          peer.write(format ? of_format : of_query);
        }),
        client(http::client_of(server), {}, standing_still) {}

  std::string asked_value;
  RawServer server;
  PrometheusClient client;
};

constexpr auto nothing_found = R"({"status":"success","data":{"resultType":"vector","result":[]}})";

TEST(CheckSyntax, AServerThatDoesNotKnowTheQuestionIsAskedForAValueOfLongAgo) {
  for (const auto& unknown : {with_status(404, "404 page not found"), with_status(405, ""),
                              with_status(400, "unsupported path requested: \"/api/v1/format_query\"")}) {
    TwoAnswers good(unknown, answer(nothing_found));
    EXPECT_TRUE(good.client.check_syntax("x", deadline)) << unknown;
    EXPECT_THAT(good.asked_value, testing::EndsWith("\r\n\r\nquery=x&time=1.000"));
    TwoAnswers bad(unknown,
                   with_status(422, R"({"status":"error","errorType":"422","error":"unknown func \"summ\""})"));
    EXPECT_EQ(bad.client.check_syntax("summ(x)", deadline).error(),
              (Error{ErrorCode::invalid, "unknown func \"summ\""}));
    TwoAnswers other(unknown, answer("<html>log in</html>"));
    EXPECT_EQ(other.client.check_syntax("x", deadline).error().code, ErrorCode::unavailable);
  }
}

TEST(Probe, APrometheusKnowsItsOne) {
  const auto one =
      answer(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}})");
  Asked good(one);
  EXPECT_TRUE(good.client.probe(deadline));
  EXPECT_THAT(good.sent(), testing::EndsWith("\r\n\r\nquery=vector%281%29&time=1700000000.050"));
  EXPECT_FALSE(good.client.is_foreign());
}

TEST(Probe, WhatAnswersAnythingElseIsNoPrometheus) {
  for (const auto& text : {with_status(404, "404 page not found"), with_status(405, ""), with_status(302, ""),
                           with_status(401, ""), answer("<html>log in</html>"), answer("{}"), answer(nothing_found)}) {
    Asked ask(text);
    const auto probed = ask.client.probe(deadline);
    ASSERT_FALSE(probed) << text;
    EXPECT_EQ(probed.error().code, ErrorCode::invalid) << text;
    EXPECT_TRUE(ask.client.is_foreign()) << text;
  }
}

TEST(Probe, AnOutageSaysNothingAboutWhatIsThere) {
  for (const int status : {429, 500, 502, 503, 504}) {
    Asked ask(with_status(status, "later"));
    EXPECT_EQ(ask.client.probe(deadline).error().code, ErrorCode::unavailable) << status;
    EXPECT_FALSE(ask.client.is_foreign()) << status;
  }
}

TEST(PrometheusClient, AnAnswerThatIsNoPrometheusIsRememberedUntilAnotherComes) {
  bool there = false;
  const RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(answer(there ? nothing_found : "<html>log in</html>"));
  });
  PrometheusClient client(http::client_of(server), {}, standing_still);
  EXPECT_FALSE(client.query({"x", asked, deadline}));
  EXPECT_TRUE(client.is_foreign());
  there = true;
  EXPECT_TRUE(client.query({"x", asked, deadline}));
  EXPECT_FALSE(client.is_foreign());
}

TEST(CheckSyntax, AServerThatRefusesUsIsNotAServerThatAccepts) {
  for (const int status : {301, 401, 403, 429, 500, 503}) {
    const auto checked = Asked(with_status(status, "no")).client.check_syntax("x", deadline);
    ASSERT_FALSE(checked) << status;
    EXPECT_EQ(checked.error().code, ErrorCode::unavailable) << status;
    EXPECT_THAT(checked.error().message, HasSubstr("HTTP " + std::to_string(status)));
  }
}

}  // namespace
}  // namespace guard::metrics
