// SPDX-License-Identifier: Apache-2.0
#include "guard/api/auth.hpp"

#include <gtest/gtest.h>

namespace guard::api {
namespace {

using config::Role;

Gatekeeper with_tokens() {
  return Gatekeeper({{"prometheus", Role::read, Secret("read-secret")},
                     {"alertmanager", Role::alerts, Secret("alerts-secret")},
                     {"pipeline", Role::deploy, Secret("deploy-secret")},
                     {"oncall", Role::operate, Secret("operate-secret")}});
}

Request bearing(const std::string& authorization) {
  Request request;
  request.headers = {{"authorization", authorization}};
  return request;
}

Request local(const std::string& host, const std::string& origin = "") {
  Request request;
  request.from_this_machine = true;
  request.headers = {{"host", host}};
  if (!origin.empty()) request.headers["origin"] = origin;
  return request;
}

TEST(Roles, OperateHoldsDeployHoldsReadAndAlertsStandsAlone) {
  const std::vector<std::vector<bool>> table{                              // needed: read, alerts, deploy, operate
                                             {true, false, false, false},  // read
                                             {false, true, false, false},  // alerts
                                             {true, false, true, false},   // deploy
                                             {true, false, true, true}};   // operate
  for (std::size_t held = 0; held < 4; ++held)
    for (std::size_t needed = 0; needed < 4; ++needed)
      EXPECT_EQ(allows(EnumNames<Role>::table[held].first, EnumNames<Role>::table[needed].first), table[held][needed])
          << held << " " << needed;
}

TEST(Gatekeeper, NamesTheActorOfAKnownToken) {
  EXPECT_EQ(with_tokens().admit(bearing("Bearer deploy-secret"), Role::deploy), "pipeline");
  EXPECT_EQ(with_tokens().admit(bearing("bEARER operate-secret"), Role::read), "oncall");
}

TEST(Gatekeeper, TellsNobodyFromAStranger) {
  const auto guard = with_tokens();
  for (const std::string none : {"", "Bearer", "Bearer ", "Basic b25jYWxs", "operate-secret", "Bearerx operate-secret"})
    EXPECT_EQ(guard.admit(bearing(none), Role::read).error(),
              (Error{ErrorCode::unauthorized, "a bearer token is needed: Authorization: Bearer <token>"}))
        << none;
  for (const std::string unknown : {"Bearer guess", "Bearer operate-secre", "Bearer operate-secret2",
                                    "Bearer  operate-secret", "Bearer OPERATE-SECRET"})
    EXPECT_EQ(guard.admit(bearing(unknown), Role::read).error(),
              (Error{ErrorCode::unauthorized, "this token is not known"}))
        << unknown;
}

TEST(Gatekeeper, SaysWhichRoleIsHeldAndWhichIsNeeded) {
  EXPECT_EQ(with_tokens().admit(bearing("Bearer read-secret"), Role::operate).error(),
            (Error{ErrorCode::forbidden, "token \"prometheus\" has role read, this needs role operate"}));
}

TEST(Gatekeeper, ATokenIsAskedForOnThisMachineToo) {
  EXPECT_EQ(with_tokens().admit(local("localhost"), Role::read).error().code, ErrorCode::unauthorized);
}

TEST(Gatekeeper, WithoutTokensOnlyThisMachineIsAnswered) {
  const Gatekeeper open({});
  EXPECT_EQ(open.admit(local("127.0.0.1:8929"), Role::operate), "anyone on this machine");
  auto other = local("127.0.0.1:8929");
  other.from_this_machine = false;
  EXPECT_EQ(open.admit(other, Role::read).error(),
            (Error{ErrorCode::forbidden,
                   "without tokens the guard answers only to its own machine; configure "
                   "`tokens`"}));
}

// A page at evil.example whose name is rebound to 127.0.0.1 still sends its own name as Host.
TEST(Gatekeeper, WithoutTokensAForeignHostIsRefused) {
  const auto refused = Gatekeeper({}).admit(local("evil.example:8929"), Role::operate);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::forbidden,
                                    "without tokens the guard answers only to loopback names (127.0.0.1, "
                                    "localhost); use one of them, or configure `tokens`"}));
}

TEST(Gatekeeper, WithoutTokensAPageOfAnotherOriginIsRefused) {
  const Gatekeeper open({});
  for (const std::string origin : {"http://evil.example", "null", "http://localhost:3000", "http://localhost"})
    EXPECT_EQ(open.admit(local("localhost:8929", origin), Role::operate).error(),
              (Error{ErrorCode::forbidden, "without tokens the guard does not answer to pages of another origin"}))
        << origin;
  EXPECT_TRUE(open.admit(local("localhost:8929", "http://localhost:8929"), Role::operate));
}

TEST(LoopbackHost, IsAnAddressOrLocalhostAndNothingThatLooksLikeIt) {
  for (const std::string host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.9.8.7:8929", "[::1]", "[::1]:8929"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const std::string host : {"", ":80", "127.example.com", "localhost.evil.example", "localhost.", "127.1",
                                 "0.0.0.0", "10.0.0.1", "[::2]", "[::1", "::", "[::ffff:127.0.0.1]", "0x7f000001"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(FailureBudget, GivesTwentyAtOnceAndThenTwoEachSecond) {
  FailureBudget budget;
  MonoTime now{std::chrono::hours(1)};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.take(now)) << i;
  EXPECT_FALSE(budget.take(now));
  now += std::chrono::milliseconds(499);
  EXPECT_FALSE(budget.take(now));
  now += std::chrono::milliseconds(1);
  EXPECT_TRUE(budget.take(now));
  EXPECT_FALSE(budget.take(now));
  now += std::chrono::hours(1);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.take(now)) << i;
  EXPECT_FALSE(budget.take(now));
}

}  // namespace
}  // namespace guard::api
