// SPDX-License-Identifier: Apache-2.0
//
// What a server may answer, and what each answer is: values, or an error with a reason. Never a guess.
#include "guard/metrics/answer_decoder.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::metrics {
namespace {

using model::Reason;
using model::Sample;
using model::Samples;
using model::SourceError;
using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();

Samples decode(std::string_view body, int status = 200) {
  return decode_answer({status, body, false});
}

std::string success(std::string_view data, std::string_view more = "") {
  return R"({"status":"success","data":)" + std::string(data) + std::string(more) + "}";
}

std::string vector(std::string_view series) {
  return success(R"({"resultType":"vector","result":[)" + std::string(series) + "]}");
}

std::string one(std::string_view value) {
  return vector(R"({"metric":{},"value":[1700000000,)" + std::string(value) + "]}");
}

std::string refusal(std::string_view type, std::string_view error) {
  return R"({"status":"error","errorType":")" + std::string(type) + R"(","error":")" + std::string(error) + "\"}";
}

WallTime at_ms(std::int64_t ms) {
  return WallTime(Duration(ms));
}

void expect_error(const Samples& samples, const SourceError& wanted) {
  ASSERT_FALSE(samples) << wanted.message;
  EXPECT_EQ(to_string(samples.error().reason), to_string(wanted.reason)) << samples.error().message;
  EXPECT_EQ(samples.error().message, wanted.message);
  EXPECT_EQ(samples.error().transient, wanted.transient) << samples.error().message;
}

void expect_wrong(const Samples& samples, std::string_view what) {
  expect_error(samples, {Reason::wrong_type, "the answer is not as Prometheus sends it: " + std::string(what), false});
}

TEST(Answer, AVectorIsItsSeriesWithLabelsValuesAndTimes) {
  const auto samples = decode(vector(R"({"metric":{"__name__":"up","job":"a"},"value":[1700000000.123,"1"]},
                                        {"metric":{"job":"b"},"value":[1700000000,"0.5"]})"));
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_THAT(*samples, testing::ElementsAre(Sample{{{"__name__", "up"}, {"job", "a"}}, 1, at_ms(1700000000123)},
                                             Sample{{{"job", "b"}}, 0.5, at_ms(1700000000000)}));
}

TEST(Answer, AnEmptyVectorIsNoSeriesAndNotZero) {
  const auto samples = decode(vector(""));
  ASSERT_TRUE(samples);
  EXPECT_TRUE(samples->empty());
}

TEST(Answer, AScalarIsOneSampleWithoutLabels) {
  const auto samples = decode(success(R"({"resultType":"scalar","result":[1700000000.5,"42"]})"));
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_THAT(*samples, testing::ElementsAre(Sample{{}, 42, at_ms(1700000000500)}));
}

TEST(Answer, AMatrixIsOneSampleForEachPoint) {
  const auto samples = decode(success(
      R"({"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1700000000,"1"],[1700000015,"NaN"]]},
                                          {"metric":{},"values":[]}]})"));
  ASSERT_TRUE(samples) << samples.error().message;
  ASSERT_EQ(samples->size(), 2U);
  EXPECT_EQ((*samples)[0], (Sample{{{"a", "b"}}, 1, at_ms(1700000000000)}));
  EXPECT_EQ((*samples)[1].at, at_ms(1700000015000));
  EXPECT_TRUE(std::isnan((*samples)[1].value));
}

TEST(Answer, GivesAllSamplesOfASeriesTheSameLabels) {
  const auto samples = decode(success(
      R"({"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"1"],[2,"1"]]},{"metric":{"a":"c"},"values":[[1,"1"]]}]})"));
  ASSERT_EQ(samples->size(), 3U);
  EXPECT_TRUE(samples->at(0).labels.is_same(samples->at(1).labels)) << "copied by reference";
  EXPECT_EQ(samples->at(0).labels, samples->at(1).labels);
  EXPECT_NE(samples->at(1).labels, samples->at(2).labels);
  EXPECT_LT(samples->at(1).labels, samples->at(2).labels);
}

TEST(Answer, EveryNumberThatPrometheusWritesIsRead) {
  const std::pair<const char*, double> table[] = {
      {"0", 0},
      {"-0", 0},
      {"1e-07", 1e-7},
      {"1e+21", 1e21},
      {"100000000000000000000", 1e20},
      {"-12.5", -12.5},
      {"0.30000000000000004", 0.30000000000000004},
      {"1.7976931348623157e+308", std::numeric_limits<double>::max()},
      {"5e-324", std::numeric_limits<double>::denorm_min()},
      {"+Inf", infinity},
      {"-Inf", -infinity},
  };
  for (const auto& [text, value] : table) {
    const auto samples = decode(one("\"" + std::string(text) + "\""));
    ASSERT_TRUE(samples) << text << ": " << samples.error().message;
    EXPECT_EQ(samples->front().value, value) << text;
  }
  EXPECT_TRUE(std::isnan(decode(one("\"NaN\""))->front().value));
}

TEST(Answer, WhatIsNoNumberOfPrometheusIsAnError) {
  for (const std::string value :
       {R"("")", R"(" 1")", R"("1 ")", R"("1,5")", R"("0x10")", R"("+1")", R"("nan")", R"("infinity")", R"("1e999")",
        R"("1.2.3")", R"("12abc")", "1", "1.5", "null", "true", R"(["1"])", R"({"v":"1"})"})
    expect_wrong(decode(one(value)), "a sample must be [time, \"value\"]");
}

TEST(Answer, ASampleIsATimeAndAValueAndNothingElse) {
  for (const std::string sample :
       {"[]", "[1700000000]", R"([1700000000,"1","2"])", R"(["1700000000","1"])", R"([-1,"1"])", R"([1e300,"1"])",
        R"([null,"1"])", R"({"0":1,"1":"1"})", R"("1")", "null"})
    expect_wrong(decode(vector(R"({"metric":{},"value":)" + sample + "}")), "a sample must be [time, \"value\"]");
}

TEST(Answer, ANativeHistogramIsNoNumber) {
  constexpr const char* words =
      "it holds a native histogram, which is no number; use histogram_quantile or histogram_sum";
  expect_wrong(decode(vector(R"({"metric":{},"histogram":[1700000000,{"count":"3","sum":"1"}]})")), words);
  expect_wrong(
      decode(success(R"({"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]],"histograms":[[1,{}]]}]})")),
      words);
}

model::Samples decode_raw(const std::string& result) {
  const auto body = success(R"({"resultType":"matrix","result":[)" + result + "]}");
  return decode_answer({200, body, false, true});
}

TEST(Answer, ANativeHistogramIsASampleWhereSamplesAreAskedFor) {
  const auto samples = decode_raw(
      R"({"metric":{"a":"b"},"histograms":[[1,{"count":"9","sum":"12.5","buckets":[[3,"-0.001","0.001","2"],[0,"2","+Inf","7"]]}]]})");
  ASSERT_TRUE(samples) << samples.error().message;
  ASSERT_EQ(samples->size(), 1U);
  EXPECT_EQ(samples->front().value, 9);
  ASSERT_TRUE(samples->front().histogram);
  const auto endless = std::numeric_limits<double>::infinity();
  EXPECT_EQ(*samples->front().histogram, (model::Histogram{9, {{-0.001, 0.001, 2}, {2, endless, 7}}}));
}

TEST(Answer, ANativeHistogramWithoutEventsHasNoBuckets) {
  const auto samples = decode_raw(R"({"metric":{},"histograms":[[1,{"count":"0","sum":"0"}]]})");
  ASSERT_TRUE(samples);
  EXPECT_EQ(*samples->front().histogram, model::Histogram{});
}

TEST(Answer, ASeriesThatWasANumberAndBecameAHistogramIsToldInOrder) {
  const auto samples =
      decode_raw(R"({"metric":{},"values":[[1,"5"],[2,"6"]],"histograms":[[3,{"count":"7","sum":"0"}]]})");
  ASSERT_TRUE(samples);
  EXPECT_THAT(*samples,
              testing::ElementsAre(testing::Field(&model::Sample::value, 5), testing::Field(&model::Sample::value, 6),
                                   testing::Field(&model::Sample::value, 7)));
}

TEST(Answer, ABucketIsFourThingsAndNothingElse) {
  for (const std::string bucket : {"[]", R"([0,"1","2"])", R"([0,"1","2","x"])", R"([0,1,2,3])", "null"})
    expect_wrong(decode_raw(R"({"metric":{},"histograms":[[1,{"count":"9","sum":"1","buckets":[)" + bucket + "]}]]}"),
                 "a native histogram must be [time, {count, buckets}]");
}

TEST(Answer, Fault16TwoSeriesWithTheSameLabelsAreAnError) {
  expect_wrong(decode(vector(R"({"metric":{"a":"b"},"value":[1,"1"]},{"metric":{"a":"b"},"value":[1,"2"]})")),
               "it holds two series with the same labels");
}

TEST(Answer, AStringIsNoNumber) {
  expect_wrong(decode(success(R"({"resultType":"string","result":[1700000000,"1"]})")),
               "the result is a string, not a number");
}

TEST(Answer, Fault10TheShapeIsHeldToTheLetter) {
  const std::pair<std::string, const char*> table[] = {
      {R"({"status":"success"})", "data is missing"},
      {success("[]"), "data must be an object"},
      {success("{}"), "resultType is missing"},
      {success(R"({"resultType":1,"result":[]})"), "resultType must be a string"},
      {success(R"({"resultType":"vector"})"), "data.result is missing"},
      {success(R"({"resultType":"vector","result":{}})"), "result must be an array"},
      {success(R"({"resultType":"vector","result":[1]})"), "result must be an object"},
      {success(R"({"resultType":"vector","result":[{"metric":[],"value":[1,"1"]}]})"), "an object of strings"},
      {success(R"({"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"1"]}]})"),
       "metric.a must be a string"},
      {success(R"({"resultType":"matrix","result":[{"metric":{},"value":[1,"1"]}]})"), "must have values"},
      {success(R"({"resultType":"scalar","result":["1"]})"), "a scalar must be [time, \"value\"]"},
      {"[]", "the body must be an object"},
      {"{}", "status is neither success nor error"},
      {R"({"status":"ok"})", "status is neither success nor error"},
      {R"({"status":true})", "status is neither success nor error"},
      {"<html>", "not valid JSON"},
      {"", "not valid JSON"},
      {R"({"status":"success","data":{"resultType":"vector","resu)", "not valid JSON"},
      {one("\"1\"") + "x", "not valid JSON"},
      {one("\"1\xff\""), "not UTF-8"},
      {std::string(100'000, '['), "not valid JSON"},
  };
  for (const auto& [body, words] : table) {
    const auto samples = decode(body);
    ASSERT_FALSE(samples) << body.substr(0, 200);
    EXPECT_EQ(samples.error().reason, Reason::wrong_type) << body.substr(0, 200);
    EXPECT_THAT(samples.error().message, HasSubstr(words));
    EXPECT_LT(samples.error().message.size(), 500U);
  }
}

TEST(Answer, Fault5ARefusalIsAnErrorWithItsTypeAndWhetherAskingAgainMayHelp) {
  struct Case {
    int status;
    const char* type;
    bool transient;
  };
  for (const auto& c : {Case{400, "bad_data", false}, Case{422, "execution", false}, Case{503, "timeout", true},
                        Case{499, "canceled", true}, Case{500, "internal", true}, Case{404, "not_found", false},
                        Case{406, "not_acceptable", false}, Case{429, "too_many_requests", true},
                        Case{413, "too_large_entry", false}, Case{422, "422", false}, Case{503, "503", true}})
    expect_error(decode(refusal(c.type, "because"), c.status),
                 {Reason::query_failed,
                  "the server refused the query (HTTP " + std::to_string(c.status) + ", " + c.type + "): because" +
                      (c.status == 404 ? "; check the address and the path of prometheus.url" : ""),
                  c.transient});
}

TEST(Answer, Fault6ARefusalCountsWhateverTheStatus) {
  expect_error(decode(refusal("execution", "x")),
               {Reason::query_failed, "the server refused the query (HTTP 200, execution): x", false});
  expect_error(decode(R"({"status":"error","data":{"resultType":"vector","result":[]}})"),
               {Reason::query_failed, "the server refused the query (HTTP 200): no message", false});
  expect_error(decode(R"({"status":"error","errorType":7,"error":{}})", 500),
               {Reason::query_failed, "the server refused the query (HTTP 500): no message", true});
}

TEST(Answer, WhatStandsBetweenMayAnswerAnything) {
  expect_error(decode("<html>\n<h1>502 Bad Gateway</h1>\r\n</html>", 502),
               {Reason::query_failed, "the server answered HTTP 502: <html> <h1>502 Bad Gateway</h1>  </html>", true});
  expect_error(
      decode("404 page not found\n", 404),
      {Reason::query_failed,
       "the server answered HTTP 404: 404 page not found; check the address and the path of prometheus.url", false});
  expect_error(decode("Unauthorized", 401), {Reason::query_failed,
                                             "the server answered HTTP 401: Unauthorized; check the credentials of "
                                             "`prometheus`",
                                             false});
  expect_error(decode(R"({"message":"no route"})", 403), {Reason::query_failed,
                                                          "the server answered HTTP 403: {\"message\":\"no route\"}; "
                                                          "check the credentials of `prometheus`",
                                                          false});
  expect_error(decode(R"([1])", 500), {Reason::query_failed, "the server answered HTTP 500: [1]", true});
  expect_error(
      decode("", 302),
      {Reason::query_failed, "the server answered HTTP 302: ; redirects are not followed, give the final url", false});
  expect_error(decode("\xff\xfe", 503),
               {Reason::query_failed, "the server answered HTTP 503: an answer that is not text", true});
}

TEST(Answer, Fault8ASuccessUnderAnErrorStatusIsNoSuccess) {
  EXPECT_EQ(decode(one("\"1\""), 500).error().reason, Reason::query_failed);
  EXPECT_EQ(decode(one("\"1\""), 302).error().reason, Reason::query_failed);
}

TEST(Answer, Fault9WarningsMakeItPartialUnlessThatIsAccepted) {
  constexpr const char* data = R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]})";
  const auto warned = success(data, R"(,"warnings":["store a is gone","b"])");
  expect_error(decode(warned), {Reason::partial_result, "the server warns: store a is gone", true});
  EXPECT_TRUE(decode_answer({200, warned, true}));
  expect_error(decode(success(data, R"(,"isPartial":true)")),
               {Reason::partial_result, "the server warns: the server calls its answer partial", true});
  expect_error(decode(success(data, R"(,"warnings":[7])")),
               {Reason::partial_result, "the server warns: a warning", true});
}

TEST(Answer, Fault9ARemarkAboutTheQueryIsNoWarningAboutTheAnswer) {
  constexpr const char* data = R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]})";
  constexpr const char* remark =
      R"x("PromQL info: metric might not be a counter, name does not end in _total: \"requests\" (1:6)")x";
  EXPECT_TRUE(decode(success(data, fmt::format(R"(,"warnings":[{0},{0}])", remark))));
  expect_error(decode(success(data, fmt::format(R"(,"warnings":[{},"store a is gone"])", remark))),
               {Reason::partial_result, "the server warns: store a is gone", true});
  expect_error(decode(success(data, R"(,"warnings":["PromQL warning: bucket label \"le\" is missing"])")),
               {Reason::partial_result, "the server warns: PromQL warning: bucket label \"le\" is missing", true});
}

TEST(Answer, WhatIsAddedWithoutChangingTheAnswerIsIgnored) {
  constexpr const char* data = R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"],"new":1}],"stats":{}})";
  for (const std::string more : {R"(,"infos":["metric might not be a counter"])", R"(,"warnings":[])",
                                 R"(,"warnings":null)", R"(,"isPartial":false)", R"(,"stats":{"seriesFetched":"1"})"})
    EXPECT_TRUE(decode(success(data, more))) << more;
}

TEST(Answer, LongWordsOfAServerAreCut) {
  EXPECT_LT(decode(std::string(1'000'000, 'x'), 500).error().message.size(), 400U);
  EXPECT_LT(decode(refusal("execution", std::string(1'000'000, 'x')), 422).error().message.size(), 1000U);
}

}  // namespace
}  // namespace guard::metrics
