// SPDX-License-Identifier: Apache-2.0
//
// Until the version that should run is seen to serve, nothing is held against the release, and nothing is said to hold.
#include "guard/core/serving.hpp"

#include "guard/core/round.hpp"
#include "guard/core/unread.hpp"
#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto asked_of_release = R"(count(app_info{version="2.0"}))";

SourceError away() {
  return {Reason::query_failed, "connection refused", true};
}

class Served : public Reviewer {
 protected:
  Served() {
    auto& changed = group();
    changed.serves = *TextTemplate::parse(R"(count(app_info{version="{{ version }}"}))", promql::TemplateKind::promql);
    changed.serves_within = 3min;
    watch.phase = Phase::settling;
    watch.rules[0].past.known = true;
  }
  // One round at this age: what is said of the version, and the value of the rule.
  void round(Duration age, const Samples& serves, double value = 0.05) {
    Answers answers;
    answers.asked = ask(watch, Part::measured, moment(age));
    for (const auto& question : answers.asked.queries)
      answers.keep(question, question.use == Question::Use::serves ? serves : Samples({sample(value)}));
    const auto reading = read(watch, answers);
    ASSERT_TRUE(reading);
    watch = reading->watch;
    began_ = reading->began_to_serve;
  }
  void step(Duration age) { watch = apply(watch, *look(age), moment(age)); }
  // The expressions that are asked for the group.
  std::vector<std::string> asked(Duration age) const {
    std::vector<std::string> out;
    for (const auto& question : ask(watch, Part::measured, moment(age)).queries)
      if (question.use == Question::Use::serves) out.push_back(question.expr);
    return out;
  }
  std::string words(Duration age = 1min) const { return not_serving_words(watch, moment(age)); }

  bool began_ = false;
};

TEST_F(Served, ItIsAskedUntilTheVersionIsSeenToServe) {
  EXPECT_THAT(asked(0s), ElementsAre(asked_of_release));
  round(0s, std::vector<Sample>{});
  EXPECT_FALSE(began_);
  EXPECT_THAT(asked(15s), ElementsAre(asked_of_release));
  round(15s, std::vector{sample(2)});
  EXPECT_TRUE(began_);
  EXPECT_EQ(watch.serving.since, 15s);
  EXPECT_EQ(watch.serving.seen_at, moment(15s).wall);
  EXPECT_THAT(asked(30s), IsEmpty());
  round(30s, std::vector<Sample>{});
  EXPECT_FALSE(began_) << "told once";
  EXPECT_TRUE(watch.serving.since);
}

TEST_F(Served, OnlyAValueAboveZeroOfTheReleaseSaysYes) {
  EXPECT_EQ(words(), "nobody can tell yet whether version 2.0 serves");
  round(0s, std::vector<Sample>{});
  EXPECT_EQ(words(), "version 2.0 was not seen to serve: the query returned no series");
  round(15s, std::vector{sample(0)});
  EXPECT_EQ(words(), "version 2.0 was not seen to serve: the query returned 0, which is not above 0");
  round(30s, std::vector{sample(std::nan(""))});
  EXPECT_TRUE(watch.awaits_serving());
  round(45s, std::vector{sample(3, {{"version", "1.9"}})});
  EXPECT_THAT(words(), HasSubstr("none of this release"));
  round(1min, std::vector{sample(0), sample(1, {{"version", "2.0"}})});
  EXPECT_FALSE(watch.awaits_serving());
}

TEST_F(Served, WithoutAnAnswerNobodyCanTell) {
  round(0s, std::unexpected(away()));
  EXPECT_EQ(words(), "nobody can tell whether version 2.0 serves: connection refused");
  EXPECT_FALSE(watch.serving.denied);
  group().serves = *TextTemplate::parse(R"(app_info{team="{{ labels.team }}"})", promql::TemplateKind::promql);
  round(15s, std::vector{sample(1)});
  EXPECT_THAT(words(), HasSubstr("nobody can tell whether version 2.0 serves: "));
  EXPECT_TRUE(watch.awaits_serving());
}

TEST_F(Served, UntilThenNoReadingCountsHoweverBad) {
  for (auto age = Duration{0}; age < 10min; age += interval) {
    round(age, std::vector<Sample>{});
    EXPECT_EQ(rule().reason, Reason::not_serving);
    EXPECT_EQ(next(age), "-");
  }
  EXPECT_EQ(rule().last->value, 0.05) << "it is shown";
  EXPECT_EQ(unread_since(watch, 0, moment(10min)), std::nullopt);
  EXPECT_THAT(ask(watch, Part::measured, moment(20min)).missed, IsEmpty());
}

TEST_F(Served, SettleRunsFromThenOn) {
  round(10min, std::vector{sample(1)});
  EXPECT_EQ(rule().reason, Reason::settling);
  EXPECT_EQ(next(15min - 1ms), "-");
  EXPECT_EQ(next(15min), "settled");
  EXPECT_EQ(look(15min)->reason, "5m since it was seen to serve are over");
  round(15min, std::vector<Sample>{});
  EXPECT_EQ(rule().verdict, Verdict::breached);
  step(15min);
  EXPECT_EQ(next(15min), "breach");
}

TEST_F(Served, WhatAnExpressionStillHoldsOfTheTimeBeforeDoesNotCount) {
  group().rules[0].expr = *TextTemplate::parse(R"(share{}[10m])", promql::TemplateKind::promql);
  round(10min, std::vector{sample(1)});
  round(15min, std::vector<Sample>{});
  EXPECT_EQ(rule().reason, Reason::before_live);
  round(20min, std::vector<Sample>{});
  EXPECT_EQ(rule().verdict, Verdict::breached);
  EXPECT_EQ(watch.subject(moment(20min)).age, 10min) << "of {{ window_since_live }}";
}

TEST_F(Served, APostedSignalCountsAllTheSame) {
  add_rule(signal_rule());
  watch.signals["e2e"] = {false, "", moment().wall};
  Answers answers;
  answers.asked = ask(watch, Part::heard, moment(15s));
  watch = read(watch, answers)->watch;
  EXPECT_EQ(next(15s), "breach");
}

TEST_F(Served, WhatWasNeverSeenToServeEndsUnverifiedWithItsWindow) {
  round(2h - interval, std::vector<Sample>{});
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_EQ(
      look(2h)->reason,
      "the window ended without enough evidence: version 2.0 was not seen to serve: the query returned no series");
  step(2h);
  EXPECT_EQ(watch.phase, Phase::unverified);
}

TEST_F(Served, WhatServesTooLateToSettleEndsUnverifiedWithItsWindow) {
  round(2h - 1min, std::vector{sample(1)});
  round(2h - interval, std::vector<Sample>{});
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_unverified");
}

TEST_F(Served, APersonIsToldWhereItTakesTooLong) {
  round(0s, std::vector<Sample>{});
  EXPECT_FALSE(is_serving_overdue(watch, moment(3min - 1ms)));
  EXPECT_TRUE(is_serving_overdue(watch, moment(3min)));
  watch.paused = true;
  EXPECT_FALSE(is_serving_overdue(watch, moment(3min)));
  watch.paused = false;
  round(3min, std::vector{sample(1)});
  EXPECT_FALSE(is_serving_overdue(watch, moment(4min)));
}

TEST_F(Served, AGroupThatMeasuresNothingElseIsReadUntilThen) {
  group().rules = {signal_rule()};
  EXPECT_TRUE(has_part(watch, Part::measured));
  round(0s, std::vector{sample(1)});
  EXPECT_FALSE(has_part(watch, Part::measured));
}

TEST_F(Served, AfterARollbackThePreviousVersionIsAskedForAndNothingHoldsBefore) {
  round(0s, std::vector{sample(1)});
  enter_verifying();
  EXPECT_THAT(asked(10min), ElementsAre(R"(count(app_info{version="1.9"}))"));
  round(11min, std::vector<Sample>{}, 0.001);
  EXPECT_EQ(next(11min), "-");
  EXPECT_EQ(rule().reason, Reason::not_serving);
  EXPECT_FALSE(is_serving_overdue(watch, moment(13min - 1ms)));
  EXPECT_TRUE(is_serving_overdue(watch, moment(13min)));
  round(14min, std::vector{sample(1)}, 0.001);
  EXPECT_EQ(next(14min), "-") << "one reading is not enough";
  EXPECT_EQ(counts_from(watch), 14min) << "events from before are another version's";
  round(14min + interval, std::vector<Sample>{}, 0.001);
  EXPECT_EQ(next(14min + interval), "holds_again");
}

TEST_F(Served, APreviousVersionThatNeverServesMakesTheRollbackFailed) {
  enter_verifying();
  round(11min, std::vector<Sample>{}, 0.001);
  EXPECT_EQ(next(40min - 1ms), "-");
  EXPECT_EQ(next(40min), "verify_unmet");
  EXPECT_THAT(look(40min)->reason, HasSubstr("version 1.9 was not seen to serve: the query returned no series"));
  round(12min, std::unexpected(away()), 0.001);
  EXPECT_EQ(next(40min), "verify_no_evidence");
  EXPECT_THAT(look(40min)->reason, HasSubstr("nobody can tell whether version 1.9 serves: connection refused"));
}

TEST_F(Served, WithoutARuleThatMeasuresThePreviousVersionIsWaitedForAllTheSame) {
  group().rules = {signal_rule()};
  enter_verifying();
  EXPECT_EQ(next(11min), "-");
  round(11min, std::vector{sample(1)});
  EXPECT_EQ(next(11min), "verified");
  EXPECT_THAT(look(11min)->reason, HasSubstr("that 1.9 was seen to serve is all there is"));
}

}  // namespace
}  // namespace guard::core
