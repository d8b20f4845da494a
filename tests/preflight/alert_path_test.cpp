// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/alert_path.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/json.hpp"
#include "tests/preflight/looking.hpp"

namespace guard::preflight {
namespace {

class KeptSink final : public alerts::AlertSink {
 public:
  const std::string& name() const override { return name_; }
  Result<void> post(const std::string& body) override {
    bodies.push_back(body);
    return answer;
  }
  std::vector<std::string> bodies;
  Result<void> answer;

 private:
  std::string name_ = "http://am";
};

class AlertPath : public Looking {
 protected:
  AlertPath() { means_.sinks = {one_, other_}; }
  model::Checks send_message() {
    model::Checks out;
    for (const auto& addressee : addressees(situation_, means_, "id1")) out.push_back(addressee.tell());
    return out;
  }
  static model::Labels labels_in(const std::string& body) {
    const auto alerts = *parse_json(body);
    model::Labels out;
    for (const auto& [name, value] : alerts.at(0).at("labels").as_object()) out[name] = value.as_string();
    return out;
  }
  std::shared_ptr<KeptSink> one_ = std::make_shared<KeptSink>();
  std::shared_ptr<KeptSink> other_ = std::make_shared<KeptSink>();
};

TEST_F(AlertPath, TheProofIsKnownByItsIdAndCountsAgainstNoRelease) {
  ASSERT_TRUE(push_proof(situation_, means_, "id1", live + Duration(2min)));
  const auto labels = labels_in(one_->bodies.at(0));
  EXPECT_EQ(alerts::proof_of(labels), "id1");
  EXPECT_TRUE(alerts::is_own(labels));
  EXPECT_EQ(other_->bodies, one_->bodies);
}

TEST_F(AlertPath, OneAlertmanagerThatTakesItIsEnough) {
  one_->answer = fail(ErrorCode::unavailable, "HTTP 503");
  EXPECT_TRUE(push_proof(situation_, means_, "id1", live));
  other_->answer = fail(ErrorCode::unavailable, "HTTP 502");
  const auto pushed = push_proof(situation_, means_, "id1", live);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(not_pushed(pushed.error()).state, CheckState::failed);
  EXPECT_THAT(not_pushed(pushed.error()).seen, HasSubstr("HTTP 502"));
}

TEST_F(AlertPath, WithoutAnAlertmanagerNobodyCanTell) {
  means_.sinks.clear();
  const auto pushed = push_proof(situation_, means_, "id1", live);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(not_pushed(pushed.error()).state, CheckState::unknown);
}

TEST_F(AlertPath, WhatDoesNotComeBackHasFailedUnlessAlertmanagerIsAskedAnyway) {
  EXPECT_EQ(lost_on_the_way(means_, 12s).state, CheckState::failed);
  EXPECT_THAT(lost_on_the_way(means_, 12s).seen, HasSubstr("within 12s"));
}

class KeptReceiver final : public receivers::Receiver {
 public:
  explicit KeptReceiver(const std::string& matcher) {
    settings_.name = "incidents";
    settings_.match = {*model::Matcher::parse(matcher)};
  }
  const config::ReceiverSettings& settings() const override { return settings_; }
  std::optional<receivers::Failure> deliver(const receivers::Message& message) override {
    told.push_back(message);
    return answer;
  }
  std::vector<receivers::Message> told;
  std::optional<receivers::Failure> answer;

 private:
  config::ReceiverSettings settings_;
};

TEST_F(AlertPath, AMessageIsToldToTheReceiversThatWouldBeToldOfTheRelease) {
  means_.sinks.clear();
  const auto of_this = std::make_shared<KeptReceiver>("severity=\"info\"");
  const auto of_others = std::make_shared<KeptReceiver>("severity=\"critical\"");
  means_.receivers = {of_this, of_others};
  const auto checks = send_message();
  ASSERT_EQ(checks.size(), 1U) << "no Alertmanager is configured, and none is missed";
  EXPECT_EQ(checks[0].state, CheckState::passed);
  EXPECT_THAT(checks[0].seen, HasSubstr("receiver incidents took a test message"));
  ASSERT_EQ(of_this->told.size(), 1U);
  EXPECT_THAT(of_this->told[0].alert.annotations.at("summary"), HasSubstr("Nothing is to be done."));
  EXPECT_TRUE(of_others->told.empty());
  of_this->answer = receivers::Failure{receivers::FailureReason::client_error, "HTTP 404: no_service", true, false, {}};
  const auto refused = send_message();
  EXPECT_EQ(refused.at(0).state, CheckState::failed);
  EXPECT_EQ(refused.at(0).seen, "receiver incidents: HTTP 404: no_service");
}

TEST_F(AlertPath, AMessageGoesTheWayOfTheNewsOfAReleaseAndEndsByItself) {
  EXPECT_EQ(send_message().at(0).state, CheckState::passed);
  const auto labels = labels_in(one_->bodies.at(0));
  EXPECT_EQ(labels.at("source"), "release-guard");
  EXPECT_FALSE(labels.at("release").empty());
  const auto ends = parse_time(std::string(parse_json(one_->bodies.at(0))->at(0).at("endsAt").as_string()));
  EXPECT_EQ(ends, live + Duration(1min));
}

}  // namespace
}  // namespace guard::preflight
