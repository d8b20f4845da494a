// SPDX-License-Identifier: Apache-2.0
#include "guard/api/auth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using config::Role;
using testing::HasSubstr;

const WallTime now{std::chrono::hours(500'000)};

Gatekeeper with_tokens() {
  return Gatekeeper({{{"prometheus", Role::read, Secret("read-secret")},
                      {"alertmanager", Role::alerts, Secret("alerts-secret")},
                      {"pipeline", Role::deploy, Secret("deploy-secret")},
                      {"oncall", Role::operate, Secret("operate-secret")}}});
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
  EXPECT_EQ(with_tokens().admit(bearing("Bearer deploy-secret"), Role::deploy, now)->name, "pipeline");
  EXPECT_EQ(with_tokens().admit(bearing("bEARER operate-secret"), Role::read, now)->name, "oncall");
}

TEST(Gatekeeper, TellsNobodyFromAStranger) {
  const auto guard = with_tokens();
  for (const std::string none : {"", "Bearer", "Bearer ", "Basic b25jYWxs", "operate-secret", "Bearerx operate-secret"})
    EXPECT_EQ(guard.admit(bearing(none), Role::read, now).error(),
              (Error{ErrorCode::unauthorized, "a bearer token is needed: Authorization: Bearer <token>"}))
        << none;
  for (const std::string unknown : {"Bearer guess", "Bearer operate-secre", "Bearer operate-secret2",
                                    "Bearer  operate-secret", "Bearer OPERATE-SECRET"})
    EXPECT_EQ(guard.admit(bearing(unknown), Role::read, now).error(),
              (Error{ErrorCode::unauthorized, "this token is not known"}))
        << unknown;
}

TEST(Gatekeeper, SaysWhichRoleIsHeldAndWhichIsNeeded) {
  EXPECT_EQ(with_tokens().admit(bearing("Bearer read-secret"), Role::operate, now).error(),
            (Error{ErrorCode::forbidden, "\"prometheus\" has role read, this needs role operate"}));
}

TEST(Gatekeeper, ATokenIsAskedForOnThisMachineToo) {
  EXPECT_EQ(with_tokens().admit(local("localhost"), Role::read, now).error().code, ErrorCode::unauthorized);
}

TEST(Gatekeeper, WithoutTokensOnlyThisMachineIsAnswered) {
  const Gatekeeper open({});
  EXPECT_EQ(open.admit(local("127.0.0.1:8929"), Role::operate, now)->name, "anyone on this machine");
  auto other = local("127.0.0.1:8929");
  other.from_this_machine = false;
  EXPECT_EQ(open.admit(other, Role::read, now).error(),
            (Error{ErrorCode::forbidden,
                   "without tokens the guard answers only to its own machine; configure "
                   "`tokens`"}));
}

// A page at evil.example whose name is rebound to 127.0.0.1 still sends its own name as Host.
TEST(Gatekeeper, WithoutTokensAForeignHostIsRefused) {
  const auto refused = Gatekeeper({}).admit(local("evil.example:8929"), Role::operate, now);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::forbidden,
                                    "without tokens the guard answers only to loopback names (127.0.0.1, "
                                    "localhost); use one of them, or configure `tokens`"}));
}

TEST(Gatekeeper, WithoutTokensAPageOfAnotherOriginIsRefused) {
  const Gatekeeper open({});
  for (const std::string origin : {"http://evil.example", "null", "http://localhost:3000", "http://localhost"})
    EXPECT_EQ(open.admit(local("localhost:8929", origin), Role::operate, now).error(),
              (Error{ErrorCode::forbidden, "without tokens the guard does not answer to pages of another origin"}))
        << origin;
  EXPECT_TRUE(open.admit(local("localhost:8929", "http://localhost:8929"), Role::operate, now));
}

class BehindAProxy : public testing::Test {
 protected:
  Request asking(const std::string& person, const std::string& peer = "10.1.2.3") const {
    auto request = bearing("Bearer proxy-secret");
    request.peer = peer;
    request.method = "POST";
    if (!person.empty()) request.headers["x-forwarded-user"] = person;
    return request;
  }
  Result<Visitor> admitted(const Request& request, Role needed = Role::operate) const {
    return guard.admit(request, needed, now);
  }

  Gatekeeper guard{{{{"sso", Role::operate, Secret("proxy-secret"),
                      config::OnBehalfOf{"x-forwarded-user", {*AddressRange::parse("10.0.0.0/8")}}},
                     {"oncall", Role::operate, Secret("operate-secret")}},
                    {},
                    std::chrono::hours(12)}};
};

TEST_F(BehindAProxy, ThePersonThatItNamesIsWhoAsks) {
  EXPECT_EQ(admitted(asking("ada@example.org")), (Visitor{"ada@example.org (sso)", Role::operate}));
}

TEST_F(BehindAProxy, FromElsewhereItsTokenIsNotTaken) {
  const auto refused = admitted(asking("ada", "192.0.2.1"));
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_THAT(refused.error().message, HasSubstr("token \"sso\" is not taken from 192.0.2.1"));
}

TEST_F(BehindAProxy, WithoutANameOnlyReadingIsPossible) {
  EXPECT_EQ(admitted(asking("")).error().code, ErrorCode::forbidden);
  EXPECT_THAT(admitted(asking("")).error().message, HasSubstr("x-forwarded-user is missing"));
  EXPECT_EQ(admitted(asking(""), Role::read), (Visitor{"sso", Role::read}));
  EXPECT_FALSE(admitted(asking("ada\x01"), Role::read));
  EXPECT_FALSE(admitted(asking(std::string(101, 'a')), Role::read));
  EXPECT_FALSE(admitted(asking("evil,ada"), Role::read));
}

TEST_F(BehindAProxy, OfTwoNamesNoneIsBelieved) {
  auto request = asking("evil");
  request.repeated.insert("x-forwarded-user");
  EXPECT_THAT(admitted(request, Role::read).error().message, HasSubstr("x-forwarded-user came twice"));
}

TEST_F(BehindAProxy, NobodyElseIsNamedByTheHeader) {
  auto request = asking("ada");
  request.headers["authorization"] = "Bearer operate-secret";
  EXPECT_EQ(admitted(request)->name, "oncall");
}

// The proxy shows its token for whatever page has the person's browser ask.
TEST_F(BehindAProxy, APageOfAnotherSiteOrdersNothing) {
  auto request = asking("ada");
  request.headers["host"] = "guard.internal";
  request.headers["origin"] = "https://evil.example";
  EXPECT_EQ(admitted(request).error(),
            (Error{ErrorCode::forbidden, "orders are not taken from a page of another site"}));
  request.headers["sec-fetch-site"] = "cross-site";
  EXPECT_FALSE(admitted(request));
  request.headers["sec-fetch-site"] = "same-origin";
  EXPECT_TRUE(admitted(request)) << "a proxy may have changed Host";
  request.headers["origin"] = "https://guard.internal";
  request.headers.erase("sec-fetch-site");
  EXPECT_TRUE(admitted(request));
}

TEST_F(BehindAProxy, NoBrowserStaysSignedInByItsToken) {
  EXPECT_EQ(guard.sign_in(asking("ada"), "/", now).error().code, ErrorCode::forbidden);
}

TEST(CertifiedClient, NeedsNoToken) {
  const Gatekeeper guard({{{"oncall", Role::operate, Secret("operate-secret")}}, {{"ada@example.org", Role::deploy}}});
  Request request;
  request.method = "POST";
  request.certified_names = {"Ada Lovelace", "ada@example.org"};
  EXPECT_EQ(guard.admit(request, Role::deploy, now), (Visitor{"ada@example.org", Role::deploy}));
  EXPECT_EQ(guard.admit(request, Role::operate, now).error().code, ErrorCode::forbidden);
  request.headers["authorization"] = "Bearer operate-secret";
  EXPECT_EQ(guard.admit(request, Role::operate, now)->name, "oncall") << "who shows a token means it";
  Request other;
  other.certified_names = {"Ada"};
  EXPECT_EQ(guard.admit(other, Role::read, now).error().code, ErrorCode::unauthorized);
  EXPECT_THAT(guard.admit(other, Role::read, now).error().message, HasSubstr("the certificate is of \"Ada\""));
}

TEST(CertifiedClient, OrdersNothingForAPageOfAnotherSite) {
  const Gatekeeper guard({{}, {{"ada", Role::operate}}});
  EXPECT_FALSE(guard.without_tokens());
  auto request = local("guard.example", "https://evil.example");
  request.method = "POST";
  request.certified_names = {"ada"};
  EXPECT_EQ(guard.admit(request, Role::operate, now).error().code, ErrorCode::forbidden);
}

class SignedIn : public testing::Test {
 protected:
  // The value that a browser keeps of it.
  std::string cookie() const {
    const auto set = *guard.sign_in(bearing("Bearer operate-secret"), "/guard/", now);
    return set.substr(0, set.find(';'));
  }
  Result<Visitor> visit(const std::string& cookies, WallTime at = now) const {
    Request request;
    request.method = "GET";
    request.headers["cookie"] = cookies;
    return guard.admit(request, Role::read, at);
  }

  std::vector<config::TokenSettings> tokens{{"oncall", Role::operate, Secret("operate-secret")}};
  Gatekeeper guard{{tokens, {}, std::chrono::hours(12)}};
};

TEST_F(SignedIn, ABrowserIsKnownByItsCookieUntilItsTimeIsOver) {
  EXPECT_EQ(visit("theme=dark; " + cookie()), (Visitor{"oncall", Role::operate, true}));
  EXPECT_TRUE(visit(cookie(), now + std::chrono::hours(12) - std::chrono::seconds(1)));
  EXPECT_EQ(visit(cookie(), now + std::chrono::hours(12)).error(),
            (Error{ErrorCode::unauthorized, "you are no longer signed in; sign in again"}));
}

// A page beside it, or an older token, may have left others of the name.
TEST_F(SignedIn, OneGoodCookieOfTheNameIsEnough) {
  const auto name = cookie().substr(0, cookie().find('='));
  EXPECT_TRUE(visit(name + "=1800043200.bad; " + cookie()));
}

TEST_F(SignedIn, AnotherGuardOfTheHostHasACookieOfItsOwn) {
  const auto name_at = [&](const std::string& host) {
    auto request = bearing("Bearer operate-secret");
    request.headers["host"] = host;
    const auto set = *guard.sign_in(request, "/", now);
    return set.substr(0, set.find('='));
  };
  EXPECT_NE(name_at("127.0.0.1:8929"), name_at("127.0.0.1:8930"));
}

TEST_F(SignedIn, NoneLastsLongerThanIsConfiguredNow) {
  const auto kept = cookie();
  guard = Gatekeeper({tokens, {}, std::chrono::hours(1)});
  EXPECT_FALSE(visit(kept));
  EXPECT_TRUE(visit(kept, now + std::chrono::hours(11)));
}

TEST_F(SignedIn, NoScriptReadsItAndNoOtherSiteHasItSent) {
  const auto set = *guard.sign_in(bearing("Bearer operate-secret"), "/guard/", now);
  EXPECT_THAT(set, HasSubstr("; Path=/guard/; Max-Age=43200; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(set, testing::Not(HasSubstr("Secure")));
  auto https = bearing("Bearer operate-secret");
  https.headers["origin"] = "https://guard.example";
  EXPECT_THAT(*guard.sign_in(https, "/", now), testing::EndsWith("; Secure"));
}

TEST_F(SignedIn, AnotherTimeOrTokenIsNotProved) {
  auto longer = cookie();
  longer.replace(longer.find('=') + 1, 1, "9");
  EXPECT_FALSE(visit(longer)) << longer;
  const auto name = cookie().substr(0, cookie().find('='));
  EXPECT_FALSE(visit(name + "="));
  EXPECT_FALSE(visit(name + "=1800043200."));
  EXPECT_FALSE(visit(name + "x" + cookie().substr(name.size())));
  const auto kept = cookie();
  guard = Gatekeeper({{{"oncall", Role::operate, Secret("another-secret")}}, {}, std::chrono::hours(12)});
  EXPECT_FALSE(visit(kept)) << "it ends with the token it was made with";
  guard = Gatekeeper({tokens, {}, Duration{0}});
  EXPECT_FALSE(visit(kept)) << "it ends where none is given any more";
}

TEST_F(SignedIn, APageOfAnotherSiteOrdersNothing) {
  auto signing_in = bearing("Bearer operate-secret");
  signing_in.headers["host"] = "guard.example";
  const auto set = *guard.sign_in(signing_in, "/", now);
  auto request = local("guard.example", "https://evil.example");
  request.method = "POST";
  request.headers["cookie"] = set.substr(0, set.find(';'));
  EXPECT_EQ(guard.admit(request, Role::operate, now).error().code, ErrorCode::forbidden);
  request.headers["origin"] = "http://guard.example";
  EXPECT_TRUE(guard.admit(request, Role::operate, now));
}

TEST_F(SignedIn, WhoHasOnlyTheCookieGetsNoNewOne) {
  Request request;
  request.headers["cookie"] = cookie();
  EXPECT_EQ(guard.sign_in(request, "/", now).error().code, ErrorCode::forbidden) << "it does not last for ever";
}

TEST_F(SignedIn, ACookieThatIsOverIsNoGuess) {
  Request request;
  request.headers["cookie"] = cookie();
  EXPECT_TRUE(guard.is_guess(request, now));
  EXPECT_FALSE(guard.is_guess(request, now + std::chrono::hours(13)));
  EXPECT_FALSE(guard.is_guess(Request{}, now));
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
  MonoTime time{std::chrono::hours(1)};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.take(time)) << i;
  EXPECT_FALSE(budget.take(time));
  time += std::chrono::milliseconds(499);
  EXPECT_FALSE(budget.take(time));
  time += std::chrono::milliseconds(1);
  EXPECT_TRUE(budget.take(time));
  EXPECT_FALSE(budget.take(time));
  time += std::chrono::hours(1);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.take(time)) << i;
  EXPECT_FALSE(budget.take(time));
}

}  // namespace
}  // namespace guard::api
