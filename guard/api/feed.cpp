// SPDX-License-Identifier: Apache-2.0
#include "guard/api/feed.hpp"

#include "guard/base/json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::api {
namespace {

// A quarter of the connections a server takes, so that pages left open never keep out a pipeline.
constexpr std::size_t most_readers = 64;
// Nobody keeps the others out.
constexpr std::ptrdiff_t most_of_one = most_readers / 2;
// Past this many a reader looks at everything, and names would only be bytes.
constexpr std::size_t most_names = 64;

}  // namespace

std::string Feed::take() {
  if (releases_.empty() && !more_) return "";
  json::array names;
  for (const auto& release : releases_) names.emplace_back(release);
  auto event = fmt::format("event: changed\ndata: {}\n\n",
                           json::serialize(json::object{{"releases", std::move(names)}, {"more", more_}}));
  releases_.clear();
  more_ = false;
  return event;
}

void Feed::changed(const std::vector<std::string>& releases) {
  if (releases.empty()) more_ = true;
  for (const auto& release : releases) {
    if (releases_.size() < most_names || releases_.contains(release))
      releases_.insert(release);
    else
      more_ = true;
  }
  wake_();
}

void Feed::end() {
  ended_ = true;
  wake_();
}

std::vector<std::shared_ptr<Feed>> Feeds::living() {
  std::erase_if(feeds_, [](const auto& feed) { return feed.expired(); });
  std::vector<std::shared_ptr<Feed>> out;
  for (const auto& feed : feeds_) out.push_back(feed.lock());
  return out;
}

Result<std::shared_ptr<Feed>> Feeds::open(const std::string& reader) {
  const auto open = living();
  const auto own = std::ranges::count_if(open, [&](const auto& feed) { return feed->reader() == reader; });
  if (open.size() >= most_readers)
    return fail(ErrorCode::unavailable, fmt::format("{} pages listen already; close some of them", open.size()));
  if (own >= most_of_one)
    return fail(ErrorCode::unavailable,
                fmt::format("{} pages listen already with the token of {}; close some of them", own, reader));
  auto feed = std::make_shared<Feed>(reader);
  feeds_.push_back(feed);
  return feed;
}

void Feeds::changed(const std::vector<std::string>& releases) {
  for (const auto& feed : living()) feed->changed(releases);
}

void Feeds::end_all() {
  for (const auto& feed : living()) feed->end();
}

}  // namespace guard::api
