// SPDX-License-Identifier: Apache-2.0
//
// What can be found about a rule that can be read and yet does not do what its author thinks: one closed list, each
// with its name, what it is and a way out. The reference documentation is held against it. Constants and values; safe
// from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace guard::model {

enum class Finding {
  none,  // of what is wrong with the form of a text: its message says all
  // of the text
  unbalanced,
  threshold_in_expr,
  condition_in_expr,
  absence_in_expr,
  not_a_value,
  no_metric,
  several_series,
  raw_counter,
  wrong_unit,
  range_over_settle,
  offset_over_settle,
  for_under_range,
  for_under_interval,
  share_of_rates,
  rate_against_baseline,
  all_ignored,
  alerts_of_others,
  hidden_group,
  unused_hook,
  no_kill_switch_folder,
  ignore_without_reason,
  ignore_unknown,
  ignore_unused,
  // of what a server says
  no_prometheus,
  refused,
  cannot_break,
  part_over_total,
  still_gauge,
  no_series,
  never_bad,
  query_fails,
  already_broken,
  short_range,
  costly,
  no_version,
};

// What can show a finding: the text of a rule file, or a server that is asked.
enum class FoundBy { text, server, either };

struct FindingInfo {
  Finding finding = Finding::none;
  std::string_view name;  // kebab-case, as messages, JSON and `# release-guard: ignore` have it
  bool error = false;     // else a warning, which a comment may silence
  FoundBy found_by = FoundBy::text;
  std::string_view what;
  std::string_view fix;  // the way out, where the place of the finding knows none of its own
};

// Every finding but `none`, in the order in which the reference shows them.
std::span<const FindingInfo> all_findings();

// Its entry; with empty texts for `none`.
const FindingInfo& info_of(Finding finding);

// The finding of this name, or nullptr.
const FindingInfo* finding_named(std::string_view name);

// One finding at one place.
struct Remark {
  Finding finding = Finding::none;
  std::string message;   // what is wrong there
  std::string fix = {};  // what to do there; empty: what the list says
};

}  // namespace guard::model
