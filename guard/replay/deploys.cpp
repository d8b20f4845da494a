// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/deploys.hpp"

#include "guard/base/time_text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace guard::replay {
namespace {

using namespace std::chrono_literals;

constexpr Duration step = 5min;
constexpr Duration fine_step = 15s;
constexpr Duration longest_part = 120h;  // of the time that is read with one question
constexpr Duration shortest_part = 1h;
constexpr Duration one_deploy = 10min;

// One way in which metrics tell of deployments, the most telling first: what one finds of a job, the later ones need
// not look for.
struct Sign {
  std::string expr;
  std::string job;      // the label that names what was deployed
  std::string version;  // the label that changes; empty: the value does
  std::string words;    // "the version in", with the metric where there is one
};

// What tells of the runtime, and not of what runs on it.
constexpr const char* runtimes =
    "go_info|python_info|jvm_info|jvm_runtime_info|nodejs_version_info|process_runtime_.*|node_.*_info|kube_.*_info";

std::vector<Sign> usual_signs() {
  return {{fmt::format(R"(count by (__name__, job, version) ({{__name__=~".+_info",__name__!~"{}",version!=""}}))",
                       runtimes),
           "job", "version", "the version in"},
          {R"(count by (container, image) (kube_pod_container_info{image!=""}))", "container", "image",
           "the image in kube_pod_container_info"},
          {"max by (job) (process_start_time_seconds)", "job", "",
           "process_start_time_seconds, so a restart may be meant"}};
}

// A label `version` that changes, or where it has none its value.
std::vector<Sign> signs_of(const std::string& marker) {
  Sign by_label;
  by_label.expr = marker;
  by_label.job = "job";
  by_label.words = "the marker " + marker;
  auto by_value = by_label;
  by_label.version = "version";
  return {by_label, by_value};
}

std::string label(const model::Labels& labels, const std::string& name) {
  const auto it = labels.find(name);
  return it == labels.end() ? "" : it->second;
}

std::string version_of(const model::Sample& sample, const Sign& sign) {
  if (sign.version.empty()) return time_text(WallTime(std::chrono::seconds(static_cast<std::int64_t>(sample.value))));
  const auto text = label(sample.labels, sign.version);
  return sign.version == "image" ? text.substr(text.rfind('/') + 1) : text;
}

// A marker of one's own names its job, or it does not matter.
std::string job_of(const model::Sample& sample, const Sign& sign) {
  for (const auto& name : {sign.job, std::string("service"), std::string("job")})
    if (auto text = label(sample.labels, name); !name.empty() && !text.empty()) return text;
  return "";
}

// What runs at one moment, by who tells of it: a job, and the metric.
using Running = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

// Reads long spans in parts that the server answers.
class Reader {
 public:
  Reader(metrics::MetricsSource& metrics, const Search& search) : metrics_(metrics), search_(search) {}

  // Tells `each` of every moment, in order.
  template <class Each>
  Result<void> read(const std::string& expr, Each each) {
    auto part = longest_part;
    for (auto from = search_.from; from <= search_.to;) {
      const auto to = std::min(from + part, search_.to);
      const auto points = metrics_.query_range({expr, from, to, step, search_.deadline});
      if (!points && !points.error().transient && part > shortest_part) {
        part /= 2;
        continue;
      }
      if (!points) return fail(ErrorCode::unavailable, points.error().message);
      std::map<WallTime, std::vector<model::Sample>> moments;
      for (const auto& point : *points) moments[point.at].push_back(point);
      for (const auto& [at, samples] : moments) each(at, samples);
      from = to + step;
    }
    return {};
  }

  // Since when, within the step before `at`, `is_there` holds for a sample.
  template <class IsThere>
  WallTime begin_of(const std::string& expr, WallTime at, IsThere is_there) {
    const auto points = metrics_.query_range({expr, at - (step - fine_step), at, fine_step, search_.deadline});
    auto first = at;
    for (const auto& point : points.value_or(std::vector<model::Sample>{}))
      if (is_there(point)) first = std::min(first, point.at);
    return first;
  }

 private:
  metrics::MetricsSource& metrics_;
  const Search& search_;
};

class Finder {
 public:
  Finder(Reader& reader, const Sign& sign) : reader_(reader), sign_(sign) {}

  Result<std::vector<Deploy>> find() {
    const auto read = reader_.read(sign_.expr, [this](WallTime at, const auto& samples) { look(at, samples); });
    if (!read) return std::unexpected(read.error());
    for (auto& deploy : out_) refine(deploy);
    return std::move(out_);
  }

 private:
  void look(WallTime at, const std::vector<model::Sample>& samples) {
    Running now;
    for (const auto& sample : samples)
      now[{job_of(sample, sign_), label(sample.labels, "__name__")}].insert(version_of(sample, sign_));
    for (const auto& [who, versions] : now) {
      const auto before = running_.find(who);
      if (before != running_.end()) compare(at, who, before->second, versions);
      running_[who] = versions;
    }
  }

  void compare(WallTime at, const std::pair<std::string, std::string>& who, const std::set<std::string>& before,
               const std::set<std::string>& now) {
    std::vector<std::string> fresh;
    std::ranges::set_difference(now, before, std::back_inserter(fresh));
    if (fresh.empty()) return;
    const auto how = who.second.empty() ? sign_.words : fmt::format("{} {}", sign_.words, who.second);
    out_.push_back({who.first, fresh.back(), *before.rbegin(), at, how});
  }

  // A process says itself when it was started.
  void refine(Deploy& deploy) const {
    deploy.at = reader_.begin_of(sign_.expr, deploy.at, [&](const model::Sample& sample) {
      return job_of(sample, sign_) == deploy.job && version_of(sample, sign_) == deploy.version;
    });
  }

  Reader& reader_;
  const Sign& sign_;
  Running running_;
  std::vector<Deploy> out_;
};

std::vector<Deploy> merged(std::vector<Deploy> all) {
  std::ranges::stable_sort(all, {}, &Deploy::at);
  std::vector<Deploy> out;
  std::map<std::string, WallTime> latest;
  for (auto& deploy : all) {
    const auto known = latest.find(deploy.job);
    const bool same = known != latest.end() && deploy.at - known->second <= one_deploy;
    latest[deploy.job] = deploy.at;
    if (!same) out.push_back(std::move(deploy));
  }
  return out;
}

}  // namespace

Result<std::vector<Deploy>> find_deploys(metrics::MetricsSource& metrics, const Search& search) {
  Reader reader(metrics, search);
  const auto signs = search.marker.empty() ? usual_signs() : signs_of(search.marker);
  std::vector<Deploy> out;
  std::set<std::string> told;
  for (const auto& sign : signs) {
    auto found = Finder(reader, sign).find();
    if (!found) return std::unexpected(found.error());
    std::set<std::string> jobs;
    for (auto& deploy : merged(std::move(*found))) {
      jobs.insert(deploy.job);
      if (!told.contains(deploy.job)) out.push_back(std::move(deploy));
    }
    told.merge(jobs);
  }
  std::ranges::stable_sort(out, {}, &Deploy::at);
  return out;
}

}  // namespace guard::replay
