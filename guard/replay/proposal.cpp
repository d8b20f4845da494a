// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/proposal.hpp"

#include "guard/model/objective.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <re2/re2.h>
#include <set>

#include <fmt/format.h>

namespace guard::replay {
namespace {

using Names = std::set<std::string>;

// What is usual may be slow: the threshold leaves room for as much again.
constexpr double few_slower = 0.01;
constexpr double fewest_jobs = 10;
// Or as long as the release is live.
constexpr std::string_view five_minutes = "{{ window_since_live \"5m\" }}";

// Servers of metrics, and those that only show others.
bool is_infrastructure(const std::string& job) {
  static const re2::RE2 known(
      "(?i)(prometheus|alertmanager|grafana|.*exporter.*|node|cadvisor|pushgateway|blackbox.*)");
  return re2::RE2::FullMatch(job, known);
}

// The labels that tell how a request ended, by the habits of client libraries.
const std::vector<std::string> status_labels{
    "status", "code", "status_code", "http_response_status_code", "response_code", "http_status_code"};

// Counters of requests, the surest names first.
std::vector<std::string> request_counters(const Names& names) {
  static const std::vector<std::string> usual{"http_requests_total", "http_server_requests_seconds_count",
                                              "http_server_request_duration_seconds_count",
                                              "http_request_duration_seconds_count"};
  static const re2::RE2 similar(".*requests?_total|.*request_duration_seconds_count");
  static const re2::RE2 own("(promhttp|prometheus|alertmanager|net_conntrack)_.*");  // of the exporting itself
  std::vector<std::string> out;
  for (const auto& name : usual)
    if (names.contains(name)) out.push_back(name);
  for (const auto& name : names)
    if (re2::RE2::FullMatch(name, similar) && !re2::RE2::FullMatch(name, own) &&
        std::ranges::find(out, name) == out.end())
      out.push_back(name);
  return out;
}

// Histograms of how long requests took, without `_bucket`; those with fine bounds first.
std::vector<std::string> request_histograms(const Names& names) {
  static const re2::RE2 similar("(.*(?:request|http).*_seconds)_bucket");
  std::vector<std::string> out;
  for (const auto& name : names)
    if (std::string base; re2::RE2::FullMatch(name, similar, &base)) out.push_back(base);
  std::ranges::stable_sort(out, {}, [](const auto& name) { return name.find("highr") == std::string::npos; });
  return out;
}

std::optional<std::string> queue_gauge(const Names& names) {
  static const re2::RE2 similar(
      ".*jobs_in_queue|.*queue_(?:depth|size|length|messages_ready)|.*_enqueued|.*_waiting_jobs");
  for (const auto& name : names)
    if (re2::RE2::FullMatch(name, similar)) return name;
  return std::nullopt;
}

std::string text_of(double value) {
  return fmt::format("{:g}", value);
}

class Proposer {
 public:
  Proposer(metrics::MetricsSource& metrics, const Wanted& wanted) : metrics_(metrics), wanted_(wanted) {}

  Result<std::vector<std::string>> jobs() {
    const auto told = ask("count by (job) (up)");
    if (!told) return std::unexpected(told.error());
    std::vector<std::string> out;
    for (const auto& [job, count] : by_label(*told, "job"))
      if (wanted_.service.empty() || job == wanted_.service || job.starts_with(wanted_.service + "-"))
        out.push_back(job);
    return out;
  }

  Result<Proposal> of(const std::string& job) {
    const auto told = ask(fmt::format("count by (__name__) ({{job=\"{}\"}})", job));
    if (!told) return std::unexpected(told.error());
    Names names;
    for (const auto& [name, count] : by_label(*told, "__name__")) names.insert(name);
    out_ = {job, {}, {}, false};
    const auto requests = propose_errors(names);
    propose_latency(names);
    add("instances_up", fmt::format("expr: avg(up{{job=\"{}\"}})\nobjective: \"> 75%\"\nfor: 1m", job),
        "more than 75% of its instances answer their scrapes");
    if (requests) propose_traffic(*requests);
    propose_queue(names);
    propose_machine(names);
    return std::move(out_);
  }

 private:
  Result<std::vector<model::Sample>> ask(const std::string& expr) {
    auto samples = metrics_.query({expr, wanted_.at, wanted_.deadline});
    if (!samples) return fail(ErrorCode::unavailable, samples.error().message);
    return std::move(*samples);
  }

  static std::map<std::string, double> by_label(const std::vector<model::Sample>& samples, const std::string& label) {
    std::map<std::string, double> out;
    for (const auto& sample : samples)
      if (const auto it = sample.labels.find(label); it != sample.labels.end()) out[it->second] += sample.value;
    return out;
  }

  void add(std::string slo, const std::string& lines, std::string words) {
    std::string yaml = fmt::format("      - slo: {}\n        ", slo);
    for (const char c : lines) yaml += c == '\n' ? "\n        " : std::string(1, c);
    out_.rules.push_back({std::move(slo), yaml + "\n", std::move(words)});
  }

  // The counter that a share of failures can be taken of; nothing where none tells how requests ended.
  std::optional<std::string> propose_errors(const Names& names) {
    const auto counters = request_counters(names);
    for (const auto& name : counters)
      for (const auto& label : status_labels) {
        const auto told = ask(fmt::format("count by ({}) ({}{{job=\"{}\",{}!=\"\"}})", label, name, out_.job, label));
        if (!told || told->empty()) continue;
        auto selector = fmt::format("{}{{job=\"{}\"}}", name, out_.job);
        add("error_rate",
            fmt::format("bad: {}{{job=\"{}\",{}=~\"5..|5xx\"}}\ntotal: {}\nobjective: \"< 1%\"", name, out_.job, label,
                        selector),
            fmt::format("less than 1% of {} fail with 5xx in `{}`", name, label));
        out_.serves = true;
        return selector;
      }
    out_.missing.push_back(counters.empty()
                               ? "a share of failures: no counter of requests is there"
                               : fmt::format("a share of failures: {} has no label that tells how requests "
                                             "ended ({})",
                                             counters.front(), fmt::join(status_labels, ", ")));
    return counters.empty() ? std::nullopt : std::optional(fmt::format("{}{{job=\"{}\"}}", counters.front(), out_.job));
  }

  // The smallest bound that nearly all requests of the last week kept.
  void propose_latency(const Names& names) {
    const auto histograms = request_histograms(names);
    if (histograms.empty()) out_.missing.emplace_back("latency: no histogram of requests is there");
    std::string why;
    for (const auto& name : histograms) {
      const auto told = ask(fmt::format("sum by (le) (increase({}_bucket{{job=\"{}\"}}[1w]))", name, out_.job));
      if (!told) continue;
      const auto counts = by_label(*told, "le");
      const auto all = counts.find("+Inf");
      if (all == counts.end() || all->second < 1) {
        why = fmt::format("latency: {} has counted nothing within a week", name);
        continue;
      }
      if (const auto bound = bound_of(counts, all->second)) return add_latency(name, *bound);
      why =
          fmt::format("latency: of {} more than {:g}% are slower than its largest bound, so no rule on it could break",
                      name, 100 * few_slower);
    }
    if (!why.empty()) out_.missing.push_back(why);
  }

  static std::optional<std::string> bound_of(const std::map<std::string, double>& counts, double all) {
    std::optional<std::string> best;
    double least = 0;
    for (const auto& [le, count] : counts) {
      const auto bound = std::strtod(le.c_str(), nullptr);
      if (!std::isfinite(bound) || count < (1 - few_slower) * all || (best && bound >= least)) continue;
      best = le;
      least = bound;
    }
    return best;
  }

  void add_latency(const std::string& name, const std::string& le) {
    add("latency_p95",
        fmt::format("good: {0}_bucket{{job=\"{1}\",le=\"{2}\"}}\ntotal: {0}_count{{job=\"{1}\"}}\nobjective: \"< 5%\"",
                    name, out_.job, le),
        fmt::format("less than 5% of {} are slower than {}s; in the last week less than 1% were", name, le));
  }

  void propose_traffic(const std::string& selector) {
    add("traffic",
        fmt::format("count: {}\nobjective: \">= 50% of baseline\"\nbaseline: [{{ offset: 1w }}, {{ over: 1h }}]\n"
                    "on_too_few: ignore",
                    selector),
        "at least half of the traffic of a week before, or of the hour before");
  }

  void propose_queue(const Names& names) {
    const auto name = queue_gauge(names);
    if (!name) return out_.missing.push_back("a queue: no gauge of a known name is there");
    const auto usual = ask(fmt::format("quantile_over_time(0.99, max({}{{job=\"{}\"}})[1w:5m])", *name, out_.job));
    const auto most = usual && !usual->empty() && std::isfinite(usual->front().value) ? usual->front().value : 0;
    const auto bound = std::max(fewest_jobs, std::ceil(2 * most));
    add("queue_depth",
        fmt::format("expr: max({}{{job=\"{}\"}})\nobjective: \"< {}\"\nfor: 5m", *name, out_.job, text_of(bound)),
        fmt::format("fewer than {} in {}; in 99% of the last week it was {} or less", text_of(bound), *name,
                    text_of(most)));
  }

  // node_exporter's machines are a reason to look, not to roll back.
  void propose_machine(const Names& names) {
    if (names.contains("node_cpu_seconds_total"))
      add("cpu",
          fmt::format(
              "expr: 'max(1 - avg by (instance) (rate(node_cpu_seconds_total{{job=\"{}\",mode=\"idle\"}}[{}])))'\n"
              "objective: \"< 90%\"\nfor: 5m\naction: warn",
              out_.job, five_minutes),
          "a warning where a machine uses 90% of its CPU for 5m");
    if (names.contains("node_memory_MemAvailable_bytes"))
      add("memory",
          fmt::format("expr: max(1 - node_memory_MemAvailable_bytes{{job=\"{0}\"}} / "
                      "node_memory_MemTotal_bytes{{job=\"{0}\"}})\nobjective: \"< 95%\"\nfor: 5m",
                      out_.job),
          "less than 95% of a machine's memory is used");
  }

  metrics::MetricsSource& metrics_;
  const Wanted& wanted_;
  Proposal out_;
};

}  // namespace

Result<std::vector<Proposal>> propose(metrics::MetricsSource& metrics, const Wanted& wanted) {
  Proposer proposer(metrics, wanted);
  const auto jobs = proposer.jobs();
  if (!jobs) return std::unexpected(jobs.error());
  std::vector<Proposal> out;
  for (const auto& job : *jobs) {
    auto one = proposer.of(job);
    if (!one) return std::unexpected(one.error());
    out.push_back(std::move(*one));
  }
  const auto is_service = [](const Proposal& one) { return one.serves && !is_infrastructure(one.job); };
  if (std::ranges::any_of(out, is_service)) std::erase_if(out, [&](const auto& one) { return !is_service(one); });
  return out;
}

std::string rule_file(const std::vector<Proposal>& proposals) {
  std::string out =
      "# What can be asked of the metrics that exist. Look at each objective before it acts.\n"
      "defaults:\n  on_no_data: hold\n  on_error: hold\n\ngroups:\n";
  for (const auto& proposal : proposals) {
    out += fmt::format(
        "  - name: {0}\n    match: ['service=\"{0}\"', 'environment=\"production\"']\n    window: 1h\n    settle: 1m\n"
        "    interval: 15s\n    rollback: {{ mode: observe, verify: 30m, cooldown: 1h }}\n    rules:\n",
        proposal.job);
    for (const auto& rule : proposal.rules) out += rule.yaml;
  }
  return out;
}

}  // namespace guard::replay
