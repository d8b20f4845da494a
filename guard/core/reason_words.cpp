// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reason_words.hpp"

#include <algorithm>
#include <array>

namespace guard::core {
namespace {

using R = Reason;

struct Words {
  Reason reason;
  std::string_view words;
};

constexpr std::array all_words{
    Words{R::objective_met, "the objective holds"},
    Words{R::objective_broken, "the objective is broken"},
    Words{R::fatal_broken, "the fatal bound is crossed, which is a breach at the first reading"},
    Words{R::share_broken, "more events are bad than the objective allows, and chance does not explain it"},
    Words{R::count_broken, "fewer events come than the objective asks for, and chance does not explain it"},
    Words{R::too_few_events, "there are too few events to judge"},
    Words{R::blind, "with what the server has, the rule cannot tell good from bad"},
    Words{R::empty_result, "the query returned no series"},
    Words{R::not_a_number, "the query returned NaN, as a division by zero does"},
    Words{R::stale_sample, "the newest sample is older than max_age"},
    Words{R::low_traffic, "only_if does not hold, so there is too little to judge"},
    Words{R::baseline_missing, "there is no baseline to compare with"},
    Words{R::signal_missing, "the pipeline has not posted this signal"},
    Words{R::alertmanager_silent, "Alertmanager has not been heard of for max_age"},
    Words{R::infinite_value, "the query returned an infinite value"},
    Words{R::several_series, "the query returned several series and the rule has no reduce"},
    Words{R::query_failed, "the question could not be answered"},
    Words{R::partial_result, "the server warned that its answer is not whole"},
    Words{R::wrong_type, "the answer is not of a kind that can be judged"},
    Words{R::template_refused, "the expression could not be filled in"},
    Words{R::whose_is_unclear, "what was found carries a label of another release, so nobody knows whose it is"},
    Words{R::past_unknown, "the time before the release could not be read, so a breach may be an old one"},
    Words{R::before_live,
          "what it measures lies, at least in part, before the release was live, and counts for nothing"},
    Words{R::not_read_yet, "it has not been read yet"},
    Words{R::settling, "the release is settling; readings do not count yet"},
    Words{R::not_serving, "the version that should run was not seen to serve yet; until then readings do not count"},
    Words{R::paused, "the watch is paused"},
    Words{R::breach_pending, "in breach, but not for long enough yet"},
    Words{R::breach_sustained, "in breach without a break for as long as the rule asks"},
    Words{R::breach_counted, "in breach in as many readings as the rule asks"},
    Words{R::signal_failed, "the pipeline says that it failed"},
    Words{R::signal_of_release,
          "it was the pipeline's word on the release that has been rolled back, and says nothing of what serves now"},
    Words{R::preexisting, "it was in breach before the deployment began, so it is not the release's"},
    Words{R::warming_up, "in breach, but there was no data for so long that only a part of its range is filled yet"},
    Words{R::held, "nothing could be judged, and the rule says hold: neither good nor bad until it can be"},
    Words{R::ignored, "nothing could be judged, and the rule says ignore: it is left out"},
    Words{R::recovered, "an earlier breach has ended"},
};

constexpr bool has_words(Reason reason) {
  return std::ranges::find(all_words, reason, &Words::reason) != all_words.end();
}
static_assert(std::ranges::all_of(EnumNames<Reason>::table, [](const auto& entry) { return has_words(entry.first); }));

}  // namespace

std::string_view explain(Reason reason) {
  return std::ranges::find(all_words, reason, &Words::reason)->words;
}

}  // namespace guard::core
