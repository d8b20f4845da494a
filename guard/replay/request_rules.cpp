// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/request_rules.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <re2/re2.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::replay {
namespace {

// What is usual may be slow: the threshold leaves room for as much again.
constexpr double few_slower = 0.01;

// The labels that tell how a request ended, by the habits of client libraries.
const std::vector<std::string> status_labels{
    "status", "code", "status_code", "http_response_status_code", "response_code", "http_status_code"};

// Those that tell what was asked for.
const std::vector<std::string> path_labels{"handler", "path", "route", "uri", "endpoint", "url", "http_route"};

// The one of them that Prometheus Operator sets to the name of the port it scrapes, which may be "metrics": of all
// series.
constexpr std::string_view also_a_port = "endpoint";

// What is asked for by probes and by Prometheus, as frameworks name it.
constexpr std::string_view probes =
    "/?((-|_|api|actuator|internal|management|q)/)?(health(z|y|_?check)?(/[a-z]+)?|live(z|ness)|ready(z)?|readiness|"
    "ping|up|metrics|prometheus)/?";

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

// The smallest bound that nearly all of `all` kept.
std::optional<std::string> bound_of(const std::map<std::string, double>& counts, double all) {
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

class RequestRules {
 public:
  RequestRules(const Questions& questions, const Names& names, Proposal& out)
      : questions_(questions), counters_(request_counters(names)), histograms_(request_histograms(names)), out_(out) {}

  void propose() {
    const auto counter = propose_errors();
    propose_latency();
    if (counter) propose_traffic(*counter);
  }

 private:
  // Of a metric, the matchers that choose the requests of users.
  struct Users {
    std::string matchers;
    std::string words;  // empty: nothing is left out
  };

  Users users_of(const std::string& metric) const {
    Users out{fmt::format("job=\"{}\"", out_.job), ""};
    for (const auto& label : path_labels) {
      const auto told = questions_.by_label(
          fmt::format("count by ({0}) ({1}{{{2},{0}=~\"{3}\"}})", label, metric, out.matchers, probes), label);
      if (!told || told->empty()) continue;
      Names paths;
      for (const auto& [path, count] : *told)
        if (label != also_a_port || path.starts_with('/')) paths.insert(path);
      if (paths.empty()) continue;
      out.matchers += fmt::format(",{}!~\"{}\"", label, regex_of(paths));
      out.words = fmt::format(", {} left out", fmt::join(paths, " and "));
      break;
    }
    return out;
  }

  // The counter that a share of failures can be taken of; where none tells how requests ended, the first.
  std::optional<std::string> propose_errors() {
    for (const auto& name : counters_)
      for (const auto& label : status_labels) {
        const auto told = questions_.by_label(
            fmt::format("count by ({0}) ({1}{{job=\"{2}\",{0}!=\"\"}})", label, name, out_.job), label);
        if (!told || told->empty()) continue;
        add_errors(name, label);
        out_.serves = true;
        return name;
      }
    out_.missing.push_back(counters_.empty()
                               ? "a share of failures: no counter of requests is there"
                               : fmt::format("a share of failures: {} has no label that tells how requests "
                                             "ended ({})",
                                             counters_.front(), fmt::join(status_labels, ", ")));
    return counters_.empty() ? std::nullopt : std::optional(counters_.front());
  }

  void add_errors(const std::string& name, const std::string& label) {
    const auto users = users_of(name);
    tells_probes_ = !users.words.empty();
    add_rule(out_, "error_rate",
             fmt::format("bad: {0}{{{1},{2}=~\"5..|5xx\"}}\ntotal: {0}{{{1}}}\nobjective: \"< 1%\"", name,
                         users.matchers, label),
             fmt::format("less than 1% of {} fail with 5xx in `{}`{}", name, label, users.words));
  }

  void propose_latency() {
    if (histograms_.empty()) out_.missing.emplace_back("latency: no histogram of requests is there");
    std::string why;
    for (const auto& name : histograms_) {
      const auto users = users_of(name + "_bucket");
      const auto counts =
          questions_.by_label(fmt::format("sum by (le) (increase({}_bucket{{{}}}[1w]))", name, users.matchers), "le");
      if (!counts) continue;
      const auto all = counts->find("+Inf");
      if (all == counts->end() || all->second < 1) {
        why = fmt::format("latency: {} has counted nothing within a week", name);
        continue;
      }
      if (const auto bound = bound_of(*counts, all->second)) return add_latency(name, users, *bound);
      why =
          fmt::format("latency: of {} more than {:g}% are slower than its largest bound, so no rule on it could break",
                      name, 100 * few_slower);
    }
    if (!why.empty()) out_.missing.push_back(why);
  }

  void add_latency(const std::string& name, const Users& users, const std::string& le) {
    const auto words = users.words.empty() && tells_probes_ ? ", health checks among them" : users.words;
    add_rule(
        out_, "latency_p95",
        fmt::format("good: {0}_bucket{{{1},le=\"{2}\"}}\ntotal: {0}_count{{{1}}}\nobjective: \"< 5%\"", name,
                    users.matchers, le),
        fmt::format("less than 5% of {} are slower than {}s; in the last week less than 1% were{}", name, le, words));
  }

  void propose_traffic(const std::string& counter) {
    const auto users = users_of(counter);
    add_rule(out_, "traffic",
             fmt::format("count: {}{{{}}}\nobjective: \">= 50% of baseline\"\nbaseline: [{{ offset: 1w }}, {{ over: 1h "
                         "}}]\non_too_few: ignore",
                         counter, users.matchers),
             "at least half of the traffic of a week before, or of the hour before" + users.words);
  }

  const Questions& questions_;
  const std::vector<std::string> counters_;
  const std::vector<std::string> histograms_;
  Proposal& out_;
  bool tells_probes_ = false;  // the counter does
};

}  // namespace

void propose_requests(const Questions& questions, const Names& names, Proposal& proposal) {
  RequestRules(questions, names, proposal).propose();
}

}  // namespace guard::replay
