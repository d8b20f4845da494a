// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/proposal.hpp"

#include "guard/replay/request_rules.hpp"
#include "guard/replay/resource_rules.hpp"

#include <algorithm>
#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::replay {
namespace {

// Servers of metrics, and those that only show others.
bool is_infrastructure(const std::string& job) {
  static const re2::RE2 known(
      "(?i)(prometheus|alertmanager|grafana|.*exporter.*|node|.*cadvisor.*|kubelet|kube-state-metrics|pushgateway|"
      "blackbox.*)");
  return re2::RE2::FullMatch(job, known);
}

Result<std::vector<std::string>> jobs_of(const Questions& questions, const std::string& service) {
  const auto told = questions.by_label("count by (job) (up)", "job");
  if (!told) return std::unexpected(told.error());
  std::vector<std::string> out;
  for (const auto& [job, count] : *told)
    if (service.empty() || job == service || job.starts_with(service + "-")) out.push_back(job);
  return out;
}

// What only shows others is no release's: where it is away, there is a reason to look.
void propose_instances(const std::string& job, Proposal& out) {
  const auto expr = fmt::format("expr: avg(up{{job=\"{}\"}})\nobjective: \"> 75%\"\nfor: 1m", job);
  if (is_infrastructure(job))
    add_rule(out, "instances_up", expr + "\naction: warn",
             "a warning where no more than 75% of its instances answer their scrapes");
  else
    add_rule(out, "instances_up", expr, "more than 75% of its instances answer their scrapes");
}

Result<Proposal> of_job(const Questions& questions, const std::string& job) {
  const auto told = questions.by_label(fmt::format("count by (__name__) ({{job=\"{}\"}})", job), "__name__");
  if (!told) return std::unexpected(told.error());
  Names names;
  for (const auto& [name, count] : *told) names.insert(name);
  Proposal out{job, {}, {}, false};
  propose_requests(questions, names, out);
  propose_instances(job, out);
  propose_queue(questions, names, out);
  propose_machine(names, job, out);
  return out;
}

Result<std::vector<Proposal>> without_service(const Questions& questions, std::vector<Proposal> all) {
  const auto cadvisors = questions.by_label("count by (job) (container_memory_working_set_bytes)", "job");
  if (!cadvisors) return std::unexpected(cadvisors.error());
  if (cadvisors->empty()) return all;
  for (auto& one : all)
    if (cadvisors->contains(one.job))
      propose_all_containers(questions, one);
    else if (!is_infrastructure(one.job))
      propose_containers(questions, one);
  return all;
}

}  // namespace

Result<std::vector<Proposal>> propose(metrics::MetricsSource& metrics, const Wanted& wanted) {
  const Questions questions(metrics, wanted);
  const auto jobs = jobs_of(questions, wanted.service);
  if (!jobs) return std::unexpected(jobs.error());
  std::vector<Proposal> out;
  for (const auto& job : *jobs) {
    auto one = of_job(questions, job);
    if (!one) return std::unexpected(one.error());
    out.push_back(std::move(*one));
  }
  const auto is_service = [](const Proposal& one) { return one.serves && !is_infrastructure(one.job); };
  if (std::ranges::none_of(out, is_service)) return without_service(questions, std::move(out));
  std::erase_if(out, [&](const auto& one) { return !is_service(one); });
  for (auto& service : out) {
    propose_containers(questions, service);
    propose_only_machine(questions, service);
  }
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
