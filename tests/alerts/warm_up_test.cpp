// SPDX-License-Identifier: Apache-2.0
//
// An Alertmanager that has just started lists what it has been told since: what it lists fires, but that it lists
// nothing proves nothing, unless a peer beside it has been up for longer.
#include "guard/alerts/alertmanager_client.hpp"
#include "guard/base/duration.hpp"
#include "tests/http/client_of.hpp"
#include "tests/http/still_clock.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::alerts {
namespace {

using namespace std::chrono_literals;
using http::answer;
using http::Peer;
using http::RawServer;
using testing::HasSubstr;
using testing::SizeIs;

constexpr WallTime noon{std::chrono::seconds(1'769'860'800)};
constexpr Duration warm_up = 2min;
const http::StillClock still{noon};

const std::string none = answer("[]");
const std::string one = answer(R"([{"fingerprint":"a","labels":{"alertname":"A"},"startsAt":"2026-01-31T12:00:00Z"}])");
const std::string broken = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";

std::string up_for(Duration up) {
  return answer(fmt::format(R"({{"uptime":"{}","versionInfo":{{}}}})", format_time(noon - up)));
}

// Alertmanagers, each with its answers about alerts and about its own state.
class Cluster {
 public:
  Cluster& add(const std::string& alerts, const std::string& status) {
    servers_.push_back(std::make_unique<RawServer>([alerts, status](Peer& peer) {
      const auto request = peer.read_request();
      if (!request.empty()) peer.write(request.starts_with("GET /api/v2/status ") ? status : alerts);
    }));
    return *this;
  }
  Cluster& add_hanging_status(const std::string& alerts) {
    servers_.push_back(std::make_unique<RawServer>([alerts](Peer& peer) {
      const auto request = peer.read_request();
      if (request.starts_with("GET /api/v2/status ")) return peer.hang();
      if (!request.empty()) peer.write(alerts);
    }));
    return *this;
  }
  model::AlertList listing(Duration deadline = 20s) {
    std::vector<http::Client> clients;
    for (const auto& server : servers_) clients.push_back(http::client_of(*server));
    auto listing = AlertmanagerClient(std::move(clients), {warm_up}, still).firing(noon, deadline);
    EXPECT_TRUE(listing) << listing.error().message;
    return listing.value_or(model::AlertList{});
  }

 private:
  std::vector<std::unique_ptr<RawServer>> servers_;
};

TEST(WarmUp, OneThatHasJustStartedDoesNotShowThatNothingFires) {
  const auto doubt = Cluster().add(none, up_for(12'900ms)).listing().doubt;
  ASSERT_TRUE(doubt);
  EXPECT_EQ(doubt->reason, model::Reason::partial_result);
  EXPECT_EQ(doubt->message, "Alertmanager has been up for 12s only and may not have been told of all alerts yet");
  EXPECT_TRUE(Cluster().add(none, up_for(warm_up - 1ms)).listing().doubt);
  EXPECT_FALSE(Cluster().add(none, up_for(warm_up)).listing().doubt);
}

TEST(WarmUp, WhatItListsFiresAllTheSame) {
  const auto listing = Cluster().add(one, up_for(1s)).listing();
  EXPECT_THAT(listing.firing, SizeIs(1));
  EXPECT_TRUE(listing.doubt) << "it may not be all";
}

TEST(WarmUp, OnePeerThatHasBeenUpForLongIsEnough) {
  for (const auto& first : {up_for(1h), up_for(1s)}) {
    const auto second = first == up_for(1h) ? up_for(1s) : up_for(1h);
    const auto listing = Cluster().add(none, first).add(one, second).listing();
    EXPECT_THAT(listing.firing, SizeIs(1));
    EXPECT_FALSE(listing.doubt);
  }
}

TEST(WarmUp, APeerThatDoesNotListItsAlertsProvesNothingHoweverOldItIs) {
  EXPECT_TRUE(Cluster().add(broken, up_for(1h)).add(none, up_for(1s)).listing().doubt);
}

TEST(WarmUp, OneThatIsAheadOfTheGuardsClockHasJustStarted) {
  const auto doubt = Cluster().add(none, up_for(-1h)).listing().doubt;
  ASSERT_TRUE(doubt);
  EXPECT_THAT(doubt->message, HasSubstr("up for 0s only"));
}

TEST(WarmUp, OneThatDoesNotSaySinceWhenItIsUpProvesNothing) {
  for (const auto& status : {broken, answer("{}"), answer("[]"), answer("x"), answer(R"({"uptime":"long"})")}) {
    const auto doubt = Cluster().add(none, status).listing().doubt;
    ASSERT_TRUE(doubt) << status;
    EXPECT_THAT(doubt->message, HasSubstr("it is not known for how long Alertmanager has been up: Alertmanager"));
  }
}

TEST(WarmUp, TheDeadlineHoldsForBothQuestions) {
  const SystemClock clock;
  const auto begin = clock.now().mono;
  EXPECT_TRUE(Cluster().add_hanging_status(none).add_hanging_status(none).listing(2s).doubt);
  EXPECT_LT(clock.now().mono - begin, 3s);
}

}  // namespace
}  // namespace guard::alerts
