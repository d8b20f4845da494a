// SPDX-License-Identifier: Apache-2.0
//
// The HTTP hook against a deployment API on loopback.
#include "guard/hooks/http_hook.hpp"

#include "guard/base/json.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/hooks/hook_table.hpp"
#include "guard/hooks/signature.hpp"
#include "tests/hooks/loopback.hpp"
#include "tests/hooks/sample.hpp"
#include "tests/support/folder.hpp"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using testing::HasSubstr;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// Stands still but for the waits between polls.
class WaitedClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  const std::string& boot_id() const override { return boot_; }
  void pass(Duration time) { now_ = now_ + time; }

 private:
  Instant now_{WallTime(1'614'265'330s), MonoTime(1h)};
  std::string boot_ = "boot";
};

class HttpHook : public testing::Test {
 protected:
  Result<hooks::HookPtr> make() {
    config::HookSettings all;
    all.name = "deploy_api";
    all.kind = settings;
    return hooks::make_hook(all, {{"", "", clock},
                                  {clock,
                                   [this](Duration time) {
                                     waits.push_back(time);
                                     clock.pass(time);
                                   },
                                   state.path()}});
  }
  hooks::HookResult run() { return (*make())->call(call); }
  // What the API does with the request, and what the guard makes of it.
  AttemptResult after(const Loopback::Reaction& reaction) {
    api.react({reaction});
    return run().result;
  }

  const test::Folder state;
  Loopback api;
  WaitedClock clock;
  std::vector<Duration> waits;
  config::HttpHook settings{
      {.url = api.origin() + "/rollback?pool=blue", .basic_auth = {}, .authorization = {}, .tls = {}, .headers = {}},
      Secret(secret),
      5s};
  hooks::HookCall call = sample_call();
};

TEST_F(HttpHook, PostsOneSignedBodyToItsUrl) {
  EXPECT_EQ(run().result, AttemptResult::done);
  ASSERT_EQ(api.received().size(), 1U);
  const auto request = api.received()[0];
  EXPECT_EQ(request.line, "POST /rollback?pool=blue HTTP/1.1");
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  const auto body = parse_json(request.body);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->at("key").as_string(), call.key);
  EXPECT_EQ(body->at("expected_current"), "v2");
  EXPECT_EQ(body->at("previous_version"), "v1");
  EXPECT_EQ(body->at("decided_at"), "2023-11-14T22:13:20.000Z");
  const auto& id = request.headers.at("webhook-id");
  const auto& timestamp = request.headers.at("webhook-timestamp");
  EXPECT_EQ(timestamp, "1614265330");
  EXPECT_EQ(request.headers.at("webhook-signature"),
            hooks::sign(*hooks::signing_key(Secret(secret)), {id, timestamp, request.body}));
}

TEST_F(HttpHook, AttemptsOfOneDecisionShareKeyAndIdAndDifferInTheAttemptOnly) {
  run();
  call.attempt = 2;
  clock.pass(10s);
  run();
  call.key = "shop/production/r1/2";
  run();
  const auto requests = api.received();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].headers.at("idempotency-key"), "\"shop/production/r1/1\"");
  for (const auto* name : {"idempotency-key", "webhook-id"}) {
    EXPECT_EQ(requests[0].headers.at(name), requests[1].headers.at(name));
    EXPECT_NE(requests[0].headers.at(name), requests[2].headers.at(name));
  }
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(requests[0].headers.at("release-guard-attempt"), "1");
  EXPECT_EQ(requests[1].headers.at("release-guard-attempt"), "2");
  EXPECT_NE(requests[0].headers.at("webhook-timestamp"), requests[1].headers.at("webhook-timestamp"));
}

TEST_F(HttpHook, WhateverAServiceIsNamedTheHeadersAreSafe) {
  call.key = "sh\"o\\p%/pro\r\nX-Evil: 1/\xC3\xBC.v1.2/1";
  EXPECT_EQ(run().result, AttemptResult::done);
  const auto request = api.received().at(0);
  EXPECT_EQ(request.headers.at("idempotency-key"), "\"sh%22o%5Cp%25/pro%0D%0AX-Evil: 1/%C3%BC.v1.2/1\"");
  EXPECT_THAT(request.headers.at("webhook-id"), testing::MatchesRegex("rollback_[0-9a-f]+"));
  EXPECT_FALSE(request.headers.contains("x-evil"));
  EXPECT_EQ(parse_json(request.body)->at("key").as_string(), call.key);
}

TEST_F(HttpHook, WithoutASecretNothingIsSigned) {
  settings.secret.reset();
  EXPECT_EQ(run().result, AttemptResult::done);
  EXPECT_FALSE(api.received().at(0).headers.contains("webhook-signature"));
}

TEST_F(HttpHook, AnAnswerIsTheOutcome) {
  EXPECT_EQ(after(Loopback::answer("200 OK", "", "rolled back")), AttemptResult::done);
  EXPECT_EQ(after(Loopback::answer("409 Conflict")), AttemptResult::retry);
  EXPECT_EQ(after(Loopback::answer("200 OK", "", R"({"status": "failed"})")), AttemptResult::failed);
  EXPECT_EQ(after(Loopback::answer("422 Unprocessable")), AttemptResult::failed);
  EXPECT_EQ(after(Loopback::answer("503 Service Unavailable")), AttemptResult::unknown);
  api.react({Loopback::answer("429 Too Many Requests", "Retry-After: 17\r\n", "later")});
  const auto later = run();
  EXPECT_EQ(later.result, AttemptResult::retry);
  EXPECT_EQ(later.retry_after, 17s);
  EXPECT_EQ(later.output, "later");
  EXPECT_EQ(api.received().size(), 6U) << "one request each";
}

TEST_F(HttpHook, Fault36AConflictIsDoneOnlyWhereThatIsDeclaredOrAnAttemptMayHaveActed) {
  api.react({Loopback::answer("409 Conflict", "Retry-After: 17\r\n")});
  const auto busy = run();
  EXPECT_EQ(busy.result, AttemptResult::retry);
  EXPECT_EQ(busy.retry_after, 17s);
  call.may_have_acted = true;
  EXPECT_EQ(run().result, AttemptResult::done);
  call.may_have_acted = false;
  settings.conflict_is_done = true;
  EXPECT_EQ(run().result, AttemptResult::done);
}

TEST_F(HttpHook, ARedirectIsNotFollowed) {
  Loopback elsewhere;
  api.react({Loopback::answer("307 Temporary Redirect", "Location: " + elsewhere.origin() + "/\r\n")});
  const auto result = run();
  EXPECT_EQ(result.result, AttemptResult::failed);
  EXPECT_THAT(result.detail, HasSubstr("give the final url"));
  EXPECT_TRUE(elsewhere.received().empty());
}

TEST_F(HttpHook, WhereNobodyListensNothingWasSentSoItMayBeTriedAgain) {
  {
    Loopback gone;
    settings.http.url = gone.origin();
  }
  EXPECT_EQ(run().result, AttemptResult::not_started);
}

TEST_F(HttpHook, Fault37AConnectionThatBreaksAfterSendingIsUnknownAndSentOnce) {
  for (const auto& reaction : {Loopback::reset(), Loopback::Reaction([](int) {})}) {
    const auto before = api.received().size();
    EXPECT_EQ(after(reaction), AttemptResult::unknown);
    EXPECT_EQ(api.received().size(), before + 1);
  }
}

TEST_F(HttpHook, Fault38AnAnswerThatDoesNotComeWholeInTimeIsUnknown) {
  settings.timeout = 1s;
  const SystemClock real;
  for (const auto& reaction : {Loopback::silence(), Loopback::trickle()}) {
    const auto begin = real.now().mono;
    EXPECT_EQ(after(reaction), AttemptResult::unknown);
    EXPECT_LT(real.now().mono - begin, 5s);
  }
}

TEST_F(HttpHook, AnAnswerWithoutEndIsGivenUpAsUnknown) {
  EXPECT_EQ(after(Loopback::flood()), AttemptResult::unknown);
}

TEST_F(HttpHook, AnAcceptedOperationIsFollowedToItsEnd) {
  const auto accepted = Loopback::answer("202 Accepted", "Location: /operations/7?a=b\r\n");
  api.react({accepted, Loopback::answer("202 Accepted"), Loopback::answer("503 Busy"), Loopback::reset(),
             Loopback::answer("200 OK", "", R"({"status": "succeeded"})")});
  settings.timeout = 60s;
  settings.http.headers["X-Scope"] = "blue";
  EXPECT_EQ(run().result, AttemptResult::done);
  const auto requests = api.received();
  ASSERT_EQ(requests.size(), 5U);
  for (std::size_t i = 1; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].line, "GET /operations/7?a=b HTTP/1.1");
    EXPECT_EQ(requests[i].headers.at("x-scope"), "blue");
  }
  EXPECT_EQ(waits, (std::vector<Duration>{1s, 2s, 4s, 8s}));
}

TEST_F(HttpHook, AnAcceptedOperationMayFail) {
  api.react({Loopback::answer("202 Accepted", "Location: " + api.origin() + "/operations/7/\r\n"),
             Loopback::answer("200 OK", "", R"({"status": "failed"})")});
  EXPECT_EQ(run().result, AttemptResult::failed);
  EXPECT_EQ(api.received().back().line, "GET /operations/7/ HTTP/1.1") << "asked for as it was written";
}

TEST_F(HttpHook, AnAcceptedOperationThatDoesNotEndInTimeIsUnknown) {
  api.react({Loopback::answer("202 Accepted", "Location: /operations/7\r\n"), Loopback::answer("202 Accepted")});
  const auto result = run();
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_EQ(result.detail, "accepted (HTTP 202), but not done within 5s");
  EXPECT_EQ(waits, (std::vector<Duration>{1s, 2s, 2s})) << "no longer than its time";
}

TEST_F(HttpHook, AnOperationOnAnotherOriginIsNotFollowed) {
  Loopback elsewhere;
  api.react({Loopback::answer("202 Accepted", "Location: " + elsewhere.origin() + "/operations/7\r\n")});
  const auto result = run();
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_THAT(result.detail, HasSubstr("own origin"));
  EXPECT_TRUE(elsewhere.received().empty());
}

TEST_F(HttpHook, AcceptedWithoutALocationIsDone) {
  EXPECT_EQ(after(Loopback::answer("202 Accepted")), AttemptResult::done);
}

TEST_F(HttpHook, ACallThatAnEarlierGuardMadeIsUnknown) {
  const auto found = (*make())->recover(call);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_TRUE(api.received().empty());
}

TEST_F(HttpHook, Fault46AnAcceptedOperationIsAskedForByTheNextGuardToo) {
  api.react({Loopback::answer("202 Accepted", "Location: /operations/7\r\n"), Loopback::answer("202 Accepted")});
  EXPECT_EQ(run().result, AttemptResult::unknown) << "as far as a guard got that died then";
  api.react({Loopback::answer("200 OK", "", R"({"status": "succeeded"})")});
  const auto found = (*make())->recover(call);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::done);
  EXPECT_EQ(api.received().back().line, "GET /operations/7 HTTP/1.1");
  call.attempt = 2;
  EXPECT_EQ((*make())->recover(call)->result, AttemptResult::unknown) << "of another attempt nothing was accepted";
}

TEST_F(HttpHook, WhatCannotBeUsedIsRefusedByName) {
  settings.secret = Secret("whsec_notbase64!");
  EXPECT_THAT(make().error().message, testing::StartsWith("hook deploy_api: the secret "));
  settings.secret.reset();
  settings.http.url = "ftp://deploy";
  EXPECT_THAT(make().error().message, testing::StartsWith("hook deploy_api: \"ftp://deploy\" is not a usable URL"));
}

TEST_F(HttpHook, NoSecretStandsInAnyOutcome) {
  settings.http.authorization = http::Authorization{"Bearer", Secret("credential-of-the-hook"), {}};
  settings.timeout = 200ms;
  std::vector<Loopback::Reaction> all{Loopback::reset(),
                                      Loopback::silence(),
                                      Loopback::answer("500 Oops"),
                                      Loopback::answer("401 Unauthorized"),
                                      Loopback::flood(),
                                      Loopback::answer("202 Accepted", "Location: http://other/\r\n")};
  std::string said;
  for (const auto& reaction : all) {
    api.react({reaction});
    const auto result = run();
    said += result.detail + "\n" + result.output + "\n";
  }
  settings.http.authorization->credentials = Secret("credential-of-the-hook\nX-Evil: 1");
  said += run().detail;
  EXPECT_THAT(said, testing::Not(HasSubstr("credential")));
  EXPECT_THAT(said, testing::Not(HasSubstr("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
  EXPECT_THAT(api.received().at(0).headers.at("authorization"), HasSubstr("credential-of-the-hook"));
}

TEST_F(HttpHook, WithoutARehearsalItIsOnlyLookedWhetherSomebodyIsThere) {
  const auto seen = (*make())->try_out(call, 5s);
  EXPECT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(api.received().size(), 1U);
  EXPECT_THAT(api.received()[0].line, HasSubstr("OPTIONS /rollback"));
}

TEST_F(HttpHook, ARehearsalPostsTheSameElsewhere) {
  settings.rehearse = api.origin() + "/can-i";
  call.trigger = "rehearsal";
  EXPECT_TRUE((*make())->try_out(call, 5s));
  ASSERT_EQ(api.received().size(), 1U);
  EXPECT_THAT(api.received()[0].line, HasSubstr("POST /can-i "));
  EXPECT_THAT(api.received()[0].body, HasSubstr(R"("trigger":"rehearsal")"));
}

}  // namespace
}  // namespace guard::test
