// SPDX-License-Identifier: Apache-2.0
//
// Why a reading came out as it did, and why a verdict is what it is: one closed list, each told in words by
// core/reason_words. Values.
#pragma once

#include "guard/base/enum_names.hpp"

namespace guard::model {

enum class Reason {
  // of an evaluation
  objective_met,
  objective_broken,
  fatal_broken,
  share_broken,  // the share of events is above the objective, and chance does not explain it
  count_broken,  // fewer events came than the objective asks for, and chance does not explain it
  too_few_events,
  blind,  // the rule cannot break, or cannot hold, with what the server has
  empty_result,
  not_a_number,
  stale_sample,
  low_traffic,
  baseline_missing,
  signal_missing,
  alertmanager_silent,
  infinite_value,
  several_series,
  query_failed,
  partial_result,
  wrong_type,
  template_refused,
  whose_is_unclear,  // what was found carries a label of another release
  past_unknown,      // the time before the release could not be read, so a breach cannot be told from an old one
  before_live,       // measured, wholly or in part, before the release was live
  // of a verdict
  not_read_yet,
  settling,
  not_serving,  // the version that should run was not seen to serve yet
  paused,
  breach_pending,
  breach_sustained,
  breach_counted,
  signal_failed,      // the pipeline's own verdict; it needs no repetition
  signal_of_release,  // it spoke of the release that has been rolled back
  preexisting,
  warming_up,  // there was no data for as long as the expression looks back, so it rests on a part of its range yet
  held,        // no data or an error, and the policy is hold
  ignored,     // no data or an error, and the policy is ignore
  recovered    // an earlier breach of a warning rule has ended
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Reason> {
  using R = model::Reason;
  static constexpr std::array table{EnumName<R>{R::objective_met, "objective_met"},
                                    EnumName<R>{R::objective_broken, "objective_broken"},
                                    EnumName<R>{R::fatal_broken, "fatal_broken"},
                                    EnumName<R>{R::share_broken, "share_broken"},
                                    EnumName<R>{R::count_broken, "count_broken"},
                                    EnumName<R>{R::too_few_events, "too_few_events"},
                                    EnumName<R>{R::blind, "blind"},
                                    EnumName<R>{R::empty_result, "empty_result"},
                                    EnumName<R>{R::not_a_number, "not_a_number"},
                                    EnumName<R>{R::stale_sample, "stale_sample"},
                                    EnumName<R>{R::low_traffic, "low_traffic"},
                                    EnumName<R>{R::baseline_missing, "baseline_missing"},
                                    EnumName<R>{R::signal_missing, "signal_missing"},
                                    EnumName<R>{R::alertmanager_silent, "alertmanager_silent"},
                                    EnumName<R>{R::infinite_value, "infinite_value"},
                                    EnumName<R>{R::several_series, "several_series"},
                                    EnumName<R>{R::query_failed, "query_failed"},
                                    EnumName<R>{R::partial_result, "partial_result"},
                                    EnumName<R>{R::wrong_type, "wrong_type"},
                                    EnumName<R>{R::template_refused, "template_refused"},
                                    EnumName<R>{R::whose_is_unclear, "whose_is_unclear"},
                                    EnumName<R>{R::past_unknown, "past_unknown"},
                                    EnumName<R>{R::before_live, "before_live"},
                                    EnumName<R>{R::not_read_yet, "not_read_yet"},
                                    EnumName<R>{R::settling, "settling"},
                                    EnumName<R>{R::not_serving, "not_serving"},
                                    EnumName<R>{R::paused, "paused"},
                                    EnumName<R>{R::breach_pending, "breach_pending"},
                                    EnumName<R>{R::breach_sustained, "breach_sustained"},
                                    EnumName<R>{R::breach_counted, "breach_counted"},
                                    EnumName<R>{R::signal_failed, "signal_failed"},
                                    EnumName<R>{R::signal_of_release, "signal_of_release"},
                                    EnumName<R>{R::preexisting, "preexisting"},
                                    EnumName<R>{R::warming_up, "warming_up"},
                                    EnumName<R>{R::held, "held"},
                                    EnumName<R>{R::ignored, "ignored"},
                                    EnumName<R>{R::recovered, "recovered"}};
};

}  // namespace guard
