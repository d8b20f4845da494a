// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/resource_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <re2/re2.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::replay {
namespace {

constexpr double fewest_jobs = 10;
constexpr double nearly_full = 0.9;

std::optional<std::string> queue_gauge(const Names& names) {
  static const re2::RE2 similar(
      ".*jobs_in_queue|.*queue_(?:depth|size|length|messages_ready)|.*_enqueued|.*_waiting_jobs");
  for (const auto& name : names)
    if (re2::RE2::FullMatch(name, similar)) return name;
  return std::nullopt;
}

// What a name says of what it names, and not of where that runs.
Names words_of(const std::string& name) {
  static const re2::RE2 word("([A-Za-z]{3,})");
  static const Names places{"prod", "production", "staging", "docker", "compose"};
  Names out;
  std::string found;
  for (re2::StringPiece rest(name); re2::RE2::FindAndConsume(&rest, word, &found);)
    if (!places.contains(found)) out.insert(found);
  return out;
}

std::ptrdiff_t shared_words(const std::string& one, const std::string& other) {
  const auto words = words_of(one);
  return std::ranges::count_if(words_of(other), [&](const auto& word) { return words.contains(word); });
}

// Those of `all` that share most words with `job`, and one at least.
Names named_like(const std::string& job, const Names& all) {
  std::ptrdiff_t most = 1;
  for (const auto& name : all) most = std::max(most, shared_words(job, name));
  Names out;
  for (const auto& name : all)
    if (shared_words(job, name) == most) out.insert(name);
  return out;
}

std::string some_of(const Names& names) {
  constexpr std::ptrdiff_t most = 5;
  const auto size = std::ssize(names);
  return fmt::format("{}{}", fmt::join(names.begin(), std::next(names.begin(), std::min(most, size)), ", "),
                     size > most ? ", …" : "");
}

class ContainerRules {
 public:
  ContainerRules(const Questions& questions, Proposal& out) : questions_(questions), out_(out) {}

  void propose_own() {
    Names others;
    for (const auto* label : labels) {
      const auto all = names(label);
      const auto own = named_like(out_.job, all);
      if (!own.empty()) {
        const auto words = fmt::format("{}", fmt::join(own, " and "));
        return propose_for(label, {fmt::format("=~\"{}\"", regex_of(own)), words, words + " has no", true});
      }
      others.insert(all.begin(), all.end());
    }
    if (!others.empty())
      out_.missing.push_back(fmt::format("containers: none of the {} that cAdvisor knows is named like {}: {}",
                                         others.size(), out_.job, some_of(others)));
  }

  void propose_all() {
    for (const auto* label : labels) {
      const auto all = names(label);
      if (all.empty()) continue;
      out_.missing.push_back(fmt::format(
          "containers of one service: {} are known, and no job says which of them are its own", all.size()));
      return propose_for(label, {"!~\"POD|\"", "a container", "none has a", false});
    }
    out_.missing.emplace_back("containers: cAdvisor names none");
  }

 private:
  // Kubernetes names them in `container`, Docker in `name`.
  static constexpr std::array labels{"container", "name"};

  // Which are held against their limits, as a matcher on their label and in words.
  struct Whose {
    std::string matcher;
    std::string words;
    std::string have_no;  // limit
    bool own = false;     // the job's, and not any
  };

  // All of the last week, for a copy that stands idle now is another's release.
  Names names(const std::string& label) const {
    const auto told = questions_.by_label(
        fmt::format("count by ({0}) (max_over_time(container_memory_working_set_bytes{{{0}!=\"\"}}[1w:1h]))", label),
        label);
    Names out;
    for (const auto& [name, count] : told.value_or(std::map<std::string, double>{})) out.insert(name);
    return out;
  }

  void propose_for(const std::string& label, Whose whose) {
    whose_ = std::move(whose);
    // Copies on one machine have the same name.
    each_ = label == "container" ? "instance, container, namespace, pod" : "instance, name";
    selector_ = fmt::format("{{{}{}}}", label, whose_.matcher);
    propose_memory();
    propose_cpu();
  }

  // What a rule could only find broken, or nothing at all, is said instead.
  bool has_room(const std::string& what, const std::string& used) {
    const auto most = questions_.value(fmt::format("quantile_over_time(0.99, ({})[1d:5m])", used));
    if (most && *most < nearly_full) return true;
    out_.missing.push_back(
        most ? fmt::format("{}: {} used {:.0f}% of it within the last day already", what, whose_.words, 100 * *most)
             : fmt::format("{}: {} limit that cAdvisor tells of", what, whose_.have_no));
    return false;
  }

  void propose_memory() {
    const auto used = fmt::format(
        "max(container_memory_working_set_bytes{0} / (container_spec_memory_limit_bytes{0} > 0))", selector_);
    if (!has_room("container memory", used)) return;
    add_rule(out_, "container_memory",
             fmt::format("expr: '{}'\nobjective: \"< 90%\"\nfor: 5m\naction: {}", used, whose_.own ? "ask" : "warn"),
             fmt::format("{} where {} uses 90% of its memory limit for 5m",
                         whose_.own ? "a person is asked" : "a warning", whose_.words));
  }

  std::string cpu_used(std::string_view range, bool limited) const {
    const auto usage =
        fmt::format("sum by ({}) (rate(container_cpu_usage_seconds_total{}[{}]))", each_, selector_, range);
    return limited ? fmt::format(
                         "max({0} / on ({1}) max by ({1}) "
                         "((container_spec_cpu_quota{2} > 0) / container_spec_cpu_period{2}))",
                         usage, each_, selector_)
                   : fmt::format("max({} / on (instance) group_left () max by (instance) (machine_cpu_cores))", usage);
  }

  // Its quota, or the machine that it may take all of.
  void propose_cpu() {
    const bool limited = questions_.value(fmt::format("count(container_spec_cpu_quota{} > 0)", selector_)).has_value();
    if (!has_room("container CPU", cpu_used("5m", limited))) return;
    add_rule(
        out_, "container_cpu",
        fmt::format("expr: '{}'\nobjective: \"< 90%\"\nfor: 5m\naction: warn", cpu_used(five_minutes, limited)),
        fmt::format("a warning where {} uses 90% of {} CPU for 5m", whose_.words, limited ? "its" : "the machine's"));
  }

  const Questions& questions_;
  Proposal& out_;
  Whose whose_;
  std::string each_;  // the labels that tell one from the other
  std::string selector_;
};

}  // namespace

void propose_queue(const Questions& questions, const Names& names, Proposal& proposal) {
  const auto name = queue_gauge(names);
  if (!name) return proposal.missing.push_back("a queue: no gauge of a known name is there");
  const auto gauge = fmt::format("max({}{{job=\"{}\"}})", *name, proposal.job);
  const auto most = questions.value(fmt::format("quantile_over_time(0.99, {}[1w:5m])", gauge)).value_or(0);
  const auto bound = std::max(fewest_jobs, std::ceil(2 * most));
  add_rule(proposal, "queue_depth", fmt::format("expr: {}\nobjective: \"< {:g}\"\nfor: 5m", gauge, bound),
           fmt::format("fewer than {:g} in {}; in 99% of the last week it was {:g} or less{}", bound, *name, most,
                       most > 0 ? "" : ": is it set at all?"));
}

void propose_containers(const Questions& questions, Proposal& proposal) {
  ContainerRules(questions, proposal).propose_own();
}

void propose_all_containers(const Questions& questions, Proposal& proposal) {
  ContainerRules(questions, proposal).propose_all();
}

void propose_machine(const Names& names, const std::string& job, Proposal& proposal) {
  if (names.contains("node_cpu_seconds_total"))
    add_rule(proposal, "cpu",
             fmt::format(
                 "expr: 'max(1 - avg by (instance) (rate(node_cpu_seconds_total{{job=\"{}\",mode=\"idle\"}}[{}])))'\n"
                 "objective: \"< 90%\"\nfor: 5m\naction: warn",
                 job, five_minutes),
             "a warning where a machine uses 90% of its CPU for 5m");
  if (names.contains("node_memory_MemAvailable_bytes"))
    add_rule(proposal, "memory",
             fmt::format("expr: max(1 - node_memory_MemAvailable_bytes{{job=\"{0}\"}} / "
                         "node_memory_MemTotal_bytes{{job=\"{0}\"}})\nobjective: \"< 95%\"\nfor: 5m\naction: warn",
                         job),
             "a warning where a machine uses 95% of its memory for 5m");
}

void propose_only_machine(const Questions& questions, Proposal& proposal) {
  const auto told = questions.by_label("count by (job) (node_memory_MemTotal_bytes)", "job");
  if (!told || told->empty()) return;
  if (told->size() == 1 && told->begin()->second == 1)
    return propose_machine({"node_cpu_seconds_total", "node_memory_MemAvailable_bytes"}, told->begin()->first,
                           proposal);
  proposal.missing.push_back(
      fmt::format("its machine: node_exporter tells of several, and nothing says which {} runs on", proposal.job));
}

}  // namespace guard::replay
