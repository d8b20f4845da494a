// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/scrape.hpp"

#include "guard/base/gzip.hpp"
#include "guard/engine/asio_executor.hpp"

#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

namespace guard::serve {
namespace {

using testing::HasSubstr;

class Probe final : public prometheus::Collectable {
 public:
  explicit Probe(std::thread::id& written_by) : written_by_(written_by) {}
  std::vector<prometheus::MetricFamily> Collect() const override {
    written_by_ = std::this_thread::get_id();
    return {{"probe", "What it is.", prometheus::MetricType::Gauge, {prometheus::ClientMetric{}}}};
  }

 private:
  std::thread::id& written_by_;
};

class Scrape : public testing::Test {
 protected:
  Scrape() {
    page_.add([this] {
      looked_at_by_ = std::this_thread::get_id();
      return std::make_shared<Probe>(written_by_);
    });
  }
  std::string answer(api::ScrapeForm form) {
    std::optional<std::string> text;
    scrape(executor_, page_, form, [&](std::string written) {
      handed_over_on_ = std::this_thread::get_id();
      text = std::move(written);
    });
    while (!text) loop_.run_one();
    return *text;
  }

  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stay_{loop_.get_executor()};
  engine::AsioExecutor executor_{loop_};
  exporters::Exposition page_;
  std::thread::id looked_at_by_;
  std::thread::id written_by_;
  std::thread::id handed_over_on_;
};

TEST_F(Scrape, ThePageIsNotWrittenOnTheLoopWhichIsLookedAtThereAlone) {
  const auto loop = std::this_thread::get_id();
  EXPECT_THAT(answer({}), HasSubstr("# HELP probe What it is.\n"));
  EXPECT_EQ(looked_at_by_, loop);
  EXPECT_NE(written_by_, loop);
  EXPECT_NE(written_by_, std::thread::id());
  EXPECT_EQ(handed_over_on_, loop);
}

TEST_F(Scrape, ThePageHasTheFormThatWasAskedFor) {
  const auto text = answer({});
  EXPECT_EQ(answer({false, true}), gzip(text));
  EXPECT_THAT(answer({true, false}), testing::EndsWith("# EOF\n"));
}

}  // namespace
}  // namespace guard::serve
