// SPDX-License-Identifier: Apache-2.0
//
// Messages as receivers are told them.
#pragma once

#include "guard/receivers/message.hpp"

namespace guard::receivers::test {

using namespace std::chrono_literals;

inline constexpr WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h};

// What a rollback is told by, with every annotation that there is.
inline Message rolling_back() {
  Message out;
  out.alert.labels = {{"alertname", "ReleaseGuardRollingBack"},
                      {"severity", "warning"},
                      {"source", "release-guard"},
                      {"service", "shop"},
                      {"environment", "production"},
                      {"release", "r1"}};
  out.alert.annotations = {{"summary", "shop v2 in production is being rolled back to v1."},
                           {"description", "Alerts of this service are held back meanwhile."},
                           {"version", "v2"},
                           {"previous_version", "v1"},
                           {"why", "error_rate: 14 of 62 requests failed in 75s, objective < 1%"},
                           {"advice", "Look at the payments & tills."},
                           {"contacts", "on call: +49 30 1234"},
                           {"guard_did", "called hook promote_to_prod, attempt 1: exit 0"},
                           {"slo", "error_rate"},
                           {"objective", "< 1%"},
                           {"page_url", "https://guard.example.org/#/releases/r1"},
                           {"report_url", "https://guard.example.org/#/releases/r1/report"},
                           {"run_url", "https://ci.example/run/7?a=1&b=2"},
                           {"dashboard_url", "https://grafana.example.org/d/x?orgId=1&var-service=shop"},
                           {"runbook_url", "docs/runbook.md#releaseguardrollingback"}};
  out.alert.starts_at = noon - 10s;
  out.alert.generator_url = "https://guard.example.org/#/releases/r1";
  out.at = noon;
  return out;
}

// The same, of another severity and over.
inline Message awaiting_approval_is_over() {
  auto out = rolling_back();
  out.alert.labels["alertname"] = "ReleaseGuardAwaitingApproval";
  out.alert.labels["severity"] = "critical";
  out.alert.annotations["summary"] = "shop v2 in production is in breach; its rollback to v1 waits for a person.";
  out.over = true;
  return out;
}

// Text that would be more than text.
inline const std::string hostile =
    "<!channel> @everyone <@U123> <at>all</at> <http://evil.example|v2> [v2](http://evil.example) *b* `c`";

inline Message hostile_message() {
  auto out = rolling_back();
  for (const auto* name : {"summary", "description", "version", "why", "advice", "contacts", "guard_did"})
    out.alert.annotations[name] = hostile;
  out.alert.annotations["page_url"] = "https://guard.example.org/a|b>(c)";
  return out;
}

// Texts far longer than anything takes.
inline Message endless_message() {
  auto out = rolling_back();
  for (auto& [name, text] : out.alert.annotations)
    if (name.ends_with("_url"))
      text = "https://guard.example.org/" + std::string(900, 'u');
    else
      for (int i = 0; i < 4000; ++i) text += "ü\"\\<&*";
  out.told_before = true;
  return out;
}

}  // namespace guard::receivers::test
