// SPDX-License-Identifier: Apache-2.0
#include "exporters/exposition.hpp"

#include "exporters/guard_metrics.hpp"
#include "exporters/label_value.hpp"
#include "guard/base/text.hpp"

#include <locale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::exporters {
namespace {

using testing::HasSubstr;

// Writes numbers as German does: 1.234,5.
class GermanNumbers : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

class GermanLocale {
 public:
  GermanLocale() : before_(std::locale::global(std::locale(std::locale::classic(), new GermanNumbers))) {}
  ~GermanLocale() { std::locale::global(before_); }
  GermanLocale(const GermanLocale&) = delete;
  GermanLocale& operator=(const GermanLocale&) = delete;

 private:
  std::locale before_;
};

TEST(Exposition, NumbersAreTheSameUnderAGermanLocale) {
  const GermanLocale german;
  const auto metrics = std::make_shared<GuardMetrics>(Build{"1.2.3", "", "", ""});
  metrics->alerts_received(engine::AlertIntake::fresh, 1234567);
  metrics->queried(std::chrono::milliseconds(1250), true);
  Exposition page;
  page.add([&] { return metrics; });
  const auto text = page.look(Format::text)();
  EXPECT_THAT(text, HasSubstr("release_guard_alerts_received_total{result=\"fresh\"} 1234567\n"));
  EXPECT_THAT(text, HasSubstr("release_guard_query_duration_seconds_sum 1.25\n"));
  EXPECT_THAT(text, HasSubstr("release_guard_query_duration_seconds_bucket{le=\"0.005\"} 0\n"));
}

TEST(Exposition, SourcesAreShownTogetherSortedByName) {
  class One : public prometheus::Collectable {
   public:
    explicit One(std::string name) : name_(std::move(name)) {}
    std::vector<prometheus::MetricFamily> Collect() const override {
      return {{name_, "What it is.", prometheus::MetricType::Gauge, {prometheus::ClientMetric{}}}};
    }

   private:
    std::string name_;
  };
  Exposition page;
  page.add([] { return std::make_shared<One>("b"); });
  page.add([] { return std::make_shared<One>("a"); });
  EXPECT_EQ(page.look(Format::text)(),
            "# HELP a What it is.\n# TYPE a gauge\na 0\n"
            "# HELP b What it is.\n# TYPE b gauge\nb 0\n");
}

TEST(LabelValue, ControlCharactersBecomeBlanks) {
  EXPECT_EQ(label_value("v1\nleader 0\r\t"), "v1 leader 0  ");
}

TEST(LabelValue, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(label_value("caf\xE9"), "caf?");
  EXPECT_EQ(label_value("café"), "café");
}

TEST(LabelValue, LongTextIsCutAtACharacter) {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "é";
  const auto value = label_value(text);
  EXPECT_TRUE(is_utf8(value));
  EXPECT_EQ(value.size(), 200 + std::string("…").size());
}

RC_GTEST_PROP(LabelValue, IsAlwaysOneShortLineOfUtf8, (const std::string& text)) {
  const auto value = label_value(text);
  RC_ASSERT(is_utf8(value));
  RC_ASSERT(value.size() <= 203U);
  RC_ASSERT(value.find_first_of("\r\n") == std::string::npos);
}

}  // namespace
}  // namespace guard::exporters
