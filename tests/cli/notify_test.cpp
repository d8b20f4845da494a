// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NotifyCommand : public testing::Test {
 protected:
  NotifyCommand() {
    EXPECT_TRUE(write_file_durably(folder / "chat.url", "https://chat.example.org/services/1"));
    EXPECT_TRUE(write_file_durably(folder / "rules.yml", R"(
defaults: { window: 1m, settle: 0s, on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"']
    interval: 1s
    rollback: { mode: observe, verify: 1s, cooldown: 0s }
    rules: [{ slo: e2e, signal: e2e, objective: succeeded }]
)"));
    configure(
        "receivers: [{ name: incidents, kind: slack, url_file: chat.url }, "
        "{ name: deployments, kind: discord, url_file: chat.url }]\n");
    line.context.send_test_messages = [this](const auto& receivers, const auto&) {
      for (const auto& receiver : receivers) told.push_back(receiver.name);
      return answer;
    };
  }
  void configure(const std::string& receivers) {
    EXPECT_TRUE(write_file_durably(folder / "guard.yml", "rule_files: [rules.yml]\n" + receivers));
  }
  int run(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"notify", "--config.file", (folder / "guard.yml").string()});
    return line.run(words);
  }

  Folder folder;
  CommandLine line;
  std::vector<std::string> told;
  Result<std::vector<serve::TriedReceiver>> answer =
      std::vector<serve::TriedReceiver>{{"incidents", ""}, {"deployments", "HTTP 404: no_service"}};
};

TEST_F(NotifyCommand, TellsEachReceiverAndSaysWhatItAnswered) {
  EXPECT_EQ(run(), 1) << line.err();
  EXPECT_THAT(told, ElementsAre("incidents", "deployments"));
  EXPECT_EQ(line.out(), "incidents: took a test message; see that it arrived\ndeployments: HTTP 404: no_service\n");
}

TEST_F(NotifyCommand, TellsOneAloneWhereItIsNamed) {
  answer = std::vector<serve::TriedReceiver>{{"incidents", ""}};
  EXPECT_EQ(run({"--receiver", "incidents"}), 0);
  EXPECT_THAT(told, ElementsAre("incidents"));
}

TEST_F(NotifyCommand, SaysThatThereIsNoSuchReceiver) {
  EXPECT_EQ(run({"--receiver", "incident"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("no receiver is named \"incident\"; did you mean incidents?"));
  configure("");
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(line.err(), HasSubstr("the configuration has no `receivers`"));
}

TEST_F(NotifyCommand, SaysWhatIsWrongWithTheConfiguration) {
  configure("receivers: [{ name: incidents, kind: slack, url_file: none.url }]\n");
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(line.err(), HasSubstr("`url_file`"));
}

}  // namespace
}  // namespace guard::test
