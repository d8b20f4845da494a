// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/deploys.hpp"

#include "tests/replay/past.hpp"

#include <gmock/gmock.h>

namespace guard::replay {
namespace {

using testing::HasSubstr;

constexpr const char* infos =
    R"(count by (__name__, job, version) ({__name__=~".+_info",__name__!~"go_info|python_info|jvm_info|)"
    R"(jvm_runtime_info|nodejs_version_info|process_runtime_.*|node_.*_info|kube_.*_info",version!=""}))";
constexpr const char* starts = "max by (job) (process_start_time_seconds)";
constexpr const char* images = R"(count by (container, image) (kube_pod_container_info{image!=""}))";

class Deploying : public testing::Test {
 protected:
  std::vector<Deploy> find(const std::string& marker = "") {
    auto found = find_deploys(past_, {live - Duration(6h), live + Duration(6h), marker, 1s});
    EXPECT_TRUE(found) << found.error().message;
    return *found;
  }
  static model::Labels info(const std::string& version) {
    return {{"__name__", "app_info"}, {"job", "shop"}, {"version", version}};
  }

  Past past_;
};

TEST_F(Deploying, AnotherVersionIsFoundToTheQuarterMinute) {
  past_.worth[infos] = [](WallTime at) { return one(1, info(at < live ? "v1" : "v2")); };
  const auto found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].job, "shop");
  EXPECT_EQ(found[0].version, "v2");
  EXPECT_EQ(found[0].previous_version, "v1");
  EXPECT_GE(found[0].at, live);
  EXPECT_LT(found[0].at, live + Duration(15s));
  EXPECT_THAT(found[0].found_by, HasSubstr("app_info"));
}

TEST_F(Deploying, WhileBothRunItIsOneDeployment) {
  past_.worth[infos] = [](WallTime at) {
    auto out = at < live + Duration(20min) ? one(1, info("v1")) : std::vector<model::Sample>{};
    if (at >= live) out.push_back({info("v2"), 1, {}});
    return out;
  };
  EXPECT_EQ(find().size(), 1U);
}

TEST_F(Deploying, GoingBackIsADeploymentToo) {
  past_.worth[infos] = [](WallTime at) { return one(1, info(at < live || at >= live + Duration(1h) ? "v1" : "v2")); };
  const auto found = find();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].version, "v1");
  EXPECT_EQ(found[1].previous_version, "v2");
}

TEST_F(Deploying, AGapInTheHistoryIsNone) {
  past_.worth[infos] = [](WallTime at) {
    return at > live && at < live + Duration(1h) ? std::vector<model::Sample>{} : one(1, info("v1"));
  };
  EXPECT_TRUE(find().empty());
}

TEST_F(Deploying, AStartOfProcessesIsOneWhereNoVersionIsTold) {
  past_.worth[starts] = [](WallTime at) { return one(at < live ? 1000 : 1700000010, {{"job", "shop"}}); };
  const auto found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].version, "2023-11-14 22:13:30 UTC");
  EXPECT_THAT(found[0].found_by, HasSubstr("process_start_time_seconds"));
}

TEST_F(Deploying, WhereAVersionIsToldARestartIsNone) {
  past_.worth[infos] = [](WallTime at) { return one(1, info(at < live ? "v1" : "v2")); };
  past_.worth[starts] = [](WallTime at) { return one(at < live + Duration(2h) ? 1000 : 2000, {{"job", "shop"}}); };
  EXPECT_EQ(find().size(), 1U);
}

TEST_F(Deploying, AnotherImageIsOne) {
  past_.worth[images] = [](WallTime at) {
    return one(1, {{"container", "web"}, {"image", at < live ? "registry.local:5000/team/web:1" : "web:2"}});
  };
  const auto found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].previous_version, "web:1");
  EXPECT_EQ(found[0].version, "web:2");
}

TEST_F(Deploying, AMarkerOfOnesOwnIsTaken) {
  const auto* marker = R"(deployed_at{team="shop"})";
  past_.worth[marker] = [](WallTime at) { return one(at < live ? 1 : 2); };
  const auto found = find(marker);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].job, "");
  EXPECT_THAT(found[0].found_by, HasSubstr("deployed_at"));
}

TEST_F(Deploying, AServerThatAnswersLittleAtATimeIsAskedInParts) {
  past_.longest = 2h;
  past_.worth[infos] = [](WallTime at) { return one(1, info(at < live ? "v1" : "v2")); };
  EXPECT_EQ(find().size(), 1U);
}

TEST_F(Deploying, AServerThatDoesNotAnswerIsAnError) {
  past_.failing = WallTime{};
  EXPECT_FALSE(find_deploys(past_, {live - Duration(6h), live, "", 1s}));
}

}  // namespace
}  // namespace guard::replay
