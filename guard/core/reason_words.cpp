// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reason_words.hpp"

namespace guard::core {

std::string_view explain(Reason reason) {
  using R = Reason;
  switch (reason) {
    case R::objective_met:
      return "the objective holds";
    case R::objective_broken:
      return "the objective is broken";
    case R::fatal_broken:
      return "the fatal bound is crossed, which is a breach at the first reading";
    case R::share_broken:
      return "more events are bad than the objective allows, and chance does not explain it";
    case R::count_broken:
      return "fewer events come than the objective asks for, and chance does not explain it";
    case R::too_few_events:
      return "there are too few events to judge";
    case R::blind:
      return "with what the server has, the rule cannot tell good from bad";
    case R::empty_result:
      return "the query returned no series";
    case R::not_a_number:
      return "the query returned NaN, as a division by zero does";
    case R::stale_sample:
      return "the newest sample is older than max_age";
    case R::low_traffic:
      return "only_if does not hold, so there is too little to judge";
    case R::baseline_missing:
      return "there is no baseline to compare with";
    case R::signal_missing:
      return "the pipeline has not posted this signal";
    case R::alertmanager_silent:
      return "Alertmanager has not been heard of for max_age";
    case R::infinite_value:
      return "the query returned an infinite value";
    case R::several_series:
      return "the query returned several series and the rule has no reduce";
    case R::query_failed:
      return "the question could not be answered";
    case R::partial_result:
      return "the server warned that its answer is not whole";
    case R::wrong_type:
      return "the answer is not of a kind that can be judged";
    case R::template_refused:
      return "the expression could not be filled in";
    case R::whose_is_unclear:
      return "what was found carries a label of another release, so nobody knows whose it is";
    case R::past_unknown:
      return "the time before the release could not be read, so a breach may be an old one";
    case R::before_live:
      return "what it measures lies, at least in part, before the release was live, and counts for nothing";
    case R::not_read_yet:
      return "it has not been read yet";
    case R::settling:
      return "the release is settling; readings do not count yet";
    case R::not_serving:
      return "the version that should run was not seen to serve yet; until then readings do not count";
    case R::paused:
      return "the watch is paused";
    case R::breach_pending:
      return "in breach, but not for long enough yet";
    case R::breach_sustained:
      return "in breach without a break for as long as the rule asks";
    case R::breach_counted:
      return "in breach in as many readings as the rule asks";
    case R::signal_failed:
      return "the pipeline says that it failed";
    case R::signal_of_release:
      return "it was the pipeline's word on the release that has been rolled back, and says nothing of what serves now";
    case R::preexisting:
      return "it was in breach before the deployment began, so it is not the release's";
    case R::warming_up:
      return "in breach, but there was no data for so long that only a part of its range is filled yet";
    case R::held:
      return "nothing could be judged, and the rule says hold: neither good nor bad until it can be";
    case R::ignored:
      return "nothing could be judged, and the rule says ignore: it is left out";
    case R::recovered:
      return "an earlier breach has ended";
  }
  return "";
}

}  // namespace guard::core
