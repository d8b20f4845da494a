// SPDX-License-Identifier: Apache-2.0
#include "guard/api/alarm.hpp"

#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

class AnAlarm : public testing::Test {
 protected:
  void set(const std::string& name) {
    alarm_->set(Duration{0}, [this, name] { rung_ += name; });
  }

  boost::asio::io_context loop_;
  std::optional<Alarm> alarm_ = std::make_optional<Alarm>(loop_.get_executor());
  std::string rung_;
};

TEST_F(AnAlarm, RingsOnceAndCanBeSetAgain) {
  set("a");
  loop_.run();
  set("b");
  loop_.restart();
  loop_.run();
  EXPECT_EQ(rung_, "ab");
}

TEST_F(AnAlarm, ThatIsSetAnewForgetsTheOneBefore) {
  set("a");
  set("b");
  loop_.run();
  EXPECT_EQ(rung_, "b");
}

TEST_F(AnAlarm, ThatIsStoppedOrHasEndedStaysSilent) {
  set("a");
  alarm_->stop();
  loop_.run();
  set("b");
  alarm_.reset();
  loop_.restart();
  loop_.run();
  EXPECT_EQ(rung_, "");
}

}  // namespace
}  // namespace guard::api
