// SPDX-License-Identifier: Apache-2.0
//
// The union over every Alertmanager that answers; an error only if none does.
#include "guard/alerts/alertmanager_client.hpp"

#include "guard/base/duration.hpp"
#include "tests/http/client_of.hpp"
#include "tests/http/still_clock.hpp"

#include <gmock/gmock.h>

namespace guard::alerts {
namespace {

using http::answer;
using http::Peer;
using http::RawServer;
using http::Recording;
using model::FiringAlert;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

constexpr Duration deadline = std::chrono::seconds(20);
constexpr WallTime noon{std::chrono::seconds(1'769'860'800)};
const http::StillClock still{noon};

std::string alert(const std::string& fingerprint) {
  return R"({"fingerprint":")" + fingerprint +
         R"(","labels":{"alertname":"A"},"startsAt":"2026-01-31T12:00:00.000Z",)"
         R"("annotations":{},"endsAt":"2026-01-31T12:04:00.000Z","updatedAt":"2026-01-31T12:00:00.000Z",)"
         R"("receivers":[{"name":"r"}],"status":{"state":"active","silencedBy":[],"inhibitedBy":[]}})";
}

auto with_fingerprint(const std::string& text) {
  return Field(&FiringAlert::fingerprint, text);
}

// Alertmanagers that answer with these texts; the client asks them in this order.
class Peers {
 public:
  explicit Peers(const std::vector<std::string>& answers) {
    for (const auto& text : answers)
      add([text](Peer& peer) {
        if (!peer.read_request().empty()) peer.write(text);
      });
  }
  Peers& add(RawServer::Serve serve) {
    servers_.push_back(std::make_unique<RawServer>(std::move(serve)));
    return *this;
  }
  std::expected<std::vector<FiringAlert>, model::SourceError> firing(Duration time = deadline) {
    std::vector<http::Client> clients;
    for (const auto& server : servers_) clients.push_back(http::client_of(*server));
    auto listing = AlertmanagerClient(std::move(clients), {}, still).firing(WallTime{}, time);
    if (!listing) return std::unexpected(listing.error());
    EXPECT_FALSE(listing->doubt);
    return listing->firing.all();
  }

 private:
  std::vector<std::unique_ptr<RawServer>> servers_;
};

TEST(AlertmanagerClient, EachServerIsFoundToAnswerOrNot) {
  const RawServer good([](Peer& peer) {
    if (!peer.read_request().empty()) peer.write(answer(R"({"uptime":"2026-01-31T12:00:00.000Z"})"));
  });
  const RawServer bad([](Peer& peer) {
    if (!peer.read_request().empty()) peer.write(answer("[]"));
  });
  std::vector<http::Client> clients;
  clients.push_back(http::client_of(good));
  clients.push_back(http::client_of(bad));
  const auto found = AlertmanagerClient(std::move(clients), {}, still).probe(deadline);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0]) << found[0].error().message;
  EXPECT_FALSE(found[1]) << "it is no Alertmanager";
}

TEST(AlertmanagerClient, AnAlertSaysWhereItsSourceShowsIt) {
  const auto listed = decode_alerts(
      200, R"([{"fingerprint":"00","labels":{},"startsAt":"2026-01-31T12:00:00Z","generatorURL":"http://p/graph"},)"
           R"({"fingerprint":"01","labels":{},"startsAt":"2026-01-31T12:00:00Z"}])");
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->at(0).generator_url, "http://p/graph");
  EXPECT_EQ(listed->at(1).generator_url, "");
}

TEST(AlertmanagerClient, AsksForWhatIsActiveAndNotSilencedUnderTheBasePath) {
  Recording recording(answer("[]"));
  const RawServer server(std::ref(recording));
  std::vector<http::Client> clients;
  clients.push_back(*http::Client::make(http::settings_for(server.url() + "/alertmanager"), http::machine_clock));
  const auto listing = AlertmanagerClient(std::move(clients), {}, still).firing(WallTime{}, deadline);
  ASSERT_TRUE(listing) << listing.error().message;
  EXPECT_TRUE(listing->firing.empty());
  EXPECT_THAT(
      recording.requests().at(0),
      testing::StartsWith("GET /alertmanager/api/v2/alerts?active=true&silenced=true&inhibited=true HTTP/1.1\r\n"));
}

TEST(AlertmanagerClient, AnAlertIsItsFingerprintLabelsAndStart) {
  const auto firing = decode_alerts(200, "[" + alert("a1") + "]");
  ASSERT_TRUE(firing) << firing.error().message;
  EXPECT_THAT(*firing, ElementsAre(FiringAlert{"a1", {{"alertname", "A"}}, *parse_time("2026-01-31T12:00:00Z")}));
}

TEST(AlertmanagerClient, TheAnswersOfAllPeersAreUnited) {
  Peers peers({answer("[" + alert("b") + "," + alert("a") + "]"), answer("[" + alert("b") + "," + alert("c") + "]")});
  const auto firing = peers.firing();
  ASSERT_TRUE(firing) << firing.error().message;
  EXPECT_THAT(*firing, ElementsAre(with_fingerprint("a"), with_fingerprint("b"), with_fingerprint("c")));
}

TEST(AlertmanagerClient, OnePeerThatAnswersIsEnough) {
  const auto good = answer("[" + alert("a") + "]");
  for (const std::string& bad : {std::string(), std::string("garbage"), answer("{}"), answer("[{}]"), answer("[1"),
                                 std::string("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")}) {
    for (const auto& order : {std::vector{bad, good}, std::vector{good, bad}}) {
      const auto firing = Peers(order).firing();
      ASSERT_TRUE(firing) << bad << ": " << firing.error().message;
      EXPECT_THAT(*firing, ElementsAre(with_fingerprint("a"))) << bad;
    }
  }
}

TEST(AlertmanagerClient, APeerThatHangsDoesNotHideOneThatLives) {
  Peers peers({});
  peers.add([](Peer& peer) { peer.hang(); }).add([](Peer& peer) {
    if (!peer.read_request().empty()) peer.write(answer("[" + alert("a") + "]"));
  });
  const auto firing = peers.firing(std::chrono::seconds(4));
  ASSERT_TRUE(firing) << firing.error().message;
  EXPECT_THAT(*firing, ElementsAre(with_fingerprint("a")));
}

std::string dated(const std::string& body, const std::string& date) {
  return answer(body, "Date: " + date + "\r\n");
}

TEST(AlertmanagerClient, Fault19AnAlertmanagerOfAnotherTimeIsNoEvidence) {
  const auto listed = "[" + alert("a") + "]";
  const auto behind = Peers({dated(listed, "Sat, 31 Jan 2026 11:50:00 GMT")}).firing();
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().reason, model::Reason::wrong_type);
  EXPECT_EQ(behind.error().message, "Alertmanager: the server's clock is 9m59s1ms behind the guard's: set the clocks");
  EXPECT_FALSE(Peers({dated(listed, "Sat, 31 Jan 2026 12:01:01 GMT")}).firing());
  EXPECT_TRUE(Peers({dated(listed, "Sat, 31 Jan 2026 12:01:00 GMT")}).firing());
  EXPECT_TRUE(Peers({dated(listed, "Sat, 31 Jan 2026 11:50:00 GMT"), answer(listed)}).firing()) << "a peer is right";
}

TEST(AlertmanagerClient, TheGreatestDifferenceOfClocksIsTold) {
  std::vector<Duration> told;
  std::vector<http::Client> clients;
  std::vector<std::unique_ptr<RawServer>> servers;
  for (const auto* date : {"Sat, 31 Jan 2026 12:00:02 GMT", "Sat, 31 Jan 2026 11:59:30 GMT"}) {
    servers.push_back(std::make_unique<RawServer>([date](Peer& peer) {
      if (!peer.read_request().empty()) peer.write(dated("[]", date));
    }));
    clients.push_back(http::client_of(*servers.back()));
  }
  AlertmanagerClient client(std::move(clients), {Duration{0}, [&](Duration skew) { told.push_back(skew); }}, still);
  EXPECT_TRUE(client.firing(noon, deadline));
  EXPECT_THAT(told, ElementsAre(Duration(-29'001)));
}

TEST(AlertmanagerClient, WhatOnePeerWouldSendAMessageOfIsNotMuted) {
  auto silenced = alert("a");
  silenced.replace(silenced.find(R"("silencedBy":[])"), 15, R"("silencedBy":["s"])");
  const auto both = answer("[" + silenced + "]");
  const auto open = answer("[" + alert("a") + "]");
  EXPECT_EQ(Peers({both, both}).firing()->at(0).muted, model::Muted::silenced);
  EXPECT_EQ(Peers({both, open}).firing()->at(0).muted, model::Muted::no);
  EXPECT_EQ(Peers({open, both}).firing()->at(0).muted, model::Muted::no);
}

TEST(AlertmanagerClient, WithoutAnyAnswerItIsAnErrorAndNeverNoAlerts) {
  const auto down = Peers({"", ""}).firing();
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().reason, model::Reason::query_failed);
  EXPECT_TRUE(down.error().transient);
  const auto none = AlertmanagerClient({}, {}, still).firing(WallTime{}, deadline);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "no Alertmanager is configured");
}

TEST(AlertmanagerClient, WhatIsNoListOfAlertsIsAnErrorWithItsPlace) {
  struct Case {
    int status;
    std::string body;
    const char* message;
    bool transient;
  };
  const Case table[] = {
      {404, "404 page not found", "Alertmanager answered HTTP 404", false},
      {401, "", "Alertmanager answered HTTP 401", false},
      {302, "", "Alertmanager answered HTTP 302", false},
      {429, "", "Alertmanager answered HTTP 429", true},
      {500, "[]", "Alertmanager answered HTTP 500", true},
      {200, "", "Alertmanager's answer is not valid JSON", false},
      {200, "<html>", "Alertmanager's answer is not valid JSON", false},
      {200, R"({"status":"success","data":[]})", "Alertmanager's answer is not a list of alerts", false},
      {200, "[1]", "Alertmanager's answer: [0] must be an object", false},
      {200, "[" + alert("a") + ",{}]", "Alertmanager's answer: [1].fingerprint is missing", false},
      {200, R"([{"fingerprint":"a","labels":[]}])", "Alertmanager's answer: [0].labels must be an object of strings",
       false},
      {200, R"([{"fingerprint":"a","labels":{}}])", "Alertmanager's answer: [0].startsAt is missing", false},
      {200, R"([{"fingerprint":"a","labels":{},"startsAt":"now"}])",
       "Alertmanager's answer: \"now\" is not an RFC 3339 time", false},
  };
  for (const auto& c : table) {
    const auto firing = decode_alerts(c.status, c.body);
    ASSERT_FALSE(firing) << c.message;
    EXPECT_THAT(firing.error().message, HasSubstr(c.message));
    EXPECT_EQ(firing.error().transient, c.transient) << c.message;
  }
}

}  // namespace
}  // namespace guard::alerts
