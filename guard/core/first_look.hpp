// SPDX-License-Identifier: Apache-2.0
//
// What a server may be asked about an expression before a rule rests on it, and what its answers tell against the rule.
// Pure.
#pragma once

#include "guard/base/time.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/finding.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::core {

// One selector behind an expression, and the questions about it: each is answered by one value, or by none.
struct SelectorLook {
  std::string selector;
  std::string series;        // how many series it has now
  std::string ever;          // in how many hours of the last week it had some
  std::string of_name;       // how many series its metric has with any labels; empty: it has no labels, or no name
  std::string native;        // how many native histograms there are of which it would be a part; empty: of none
  std::string interval;      // how many seconds pass between two samples
  Duration range{0};         // over which it looks back, literally; zero: it does not
  Duration subqueries{0};    // for how long it is evaluated again and again
  bool two_samples = false;  // its function needs two of them: rate(), increase() …
};

// Those of `expr`, a rendered expression; none where it defines names (WITH of MetricsQL).
std::vector<SelectorLook> looks(std::string_view expr);

// What a server said of one selector.
struct SelectorFacts {
  double series = 0;
  double hours = 0;  // of the last week
  double of_name = 0;
  double native = 0;
  std::optional<double> interval = {};  // seconds
};

// What the value of a rule of kind expr tells, as the server has it now. The series are read for each service,
// environment and version among them, as for its release; `condition` is what `only_if` has.
std::optional<Remark> value_remark(const Rule& rule, const std::vector<Sample>& value,
                                   const std::optional<Samples>& condition, Instant now);

// What is asked about a share: the events of the last five minutes, all and those of the part, of each release.
struct ShareLook {
  std::string total;
  std::string part;
};
// `total` and `part` are rendered selectors; of a native histogram there is no part.
ShareLook share_look(const Share& share, const std::string& total, const std::string& part);

// What the share tells, as the server has it now; unlike a verdict it may be wrong once in a hundred times.
std::optional<Remark> share_remark(const Rule& rule, const std::vector<Sample>& total, const std::vector<Sample>& part);

// Why `bad` has no series, where it had none for a week either.
std::optional<Remark> never_bad_remark(const SelectorLook& look, const SelectorFacts& facts);

// Why there are no series now. Nothing where the selectors have some: then the expression makes nothing of them.
std::optional<Remark> missing_remark(const SelectorLook& look, const SelectorFacts& facts);

// A range that holds too few scrapes for its function.
std::optional<Remark> range_remark(const SelectorLook& look, const SelectorFacts& facts);

// More than so many samples at each reading are told.
inline constexpr double most_samples = 1'000'000;

// How many samples a reading of this selector takes.
double samples_read(const SelectorLook& look, const SelectorFacts& facts);

}  // namespace guard::core
