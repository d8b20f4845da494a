// SPDX-License-Identifier: Apache-2.0
//
// The keys that a rule file may give for one rule, and in `defaults` for many: said once, so that they mean the same in
// both. Constants; safe from any thread.
#pragma once

#include "guard/config/keys.hpp"
#include "guard/model/rule.hpp"

#include <array>
#include <string_view>

namespace guard::config::rule_policy {

inline constexpr ValueType missing_policy = one_of(names_of<model::MissingPolicy>);
inline constexpr std::array<std::string_view, 2> too_few_policies{"hold", "ignore"};

inline constexpr KeyInfo on_no_data{"on_no_data", missing_policy, Need::inherited, "",
                                    "what a reading without data means: wait, pass over it, or count it as a breach"};
inline constexpr KeyInfo on_error{"on_error",
                                  missing_policy,
                                  Need::inherited,
                                  "",
                                  "what a failed reading means: wait, pass over it, or count it as a breach",
                                  "expr, share, count, alerts"};
inline constexpr KeyInfo on_too_few{
    "on_too_few",
    one_of(too_few_policies),
    Need::optional,
    "hold for a share or a count, as on_no_data for expr",
    "what it means that too little came to judge, too few events or an `only_if` without a "
    "result: nobody knows, or the rule is left out",
    "expr, share, count"};
inline constexpr KeyInfo confidence{
    "confidence",
    "percentage",
    Need::optional,
    "99.9%",
    "how sure a breach must be: of the watches of a service that is just at the objective, no more than the rest ends "
    "in one",
    "share, count"};
inline constexpr KeyInfo min_events{
    "min_events", "number", Need::optional, "", "how many events must have come before the objective may count as kept",
    "share"};
inline constexpr KeyInfo proof{
    "proof",
    one_of(names_of<model::Proof>),
    Need::optional,
    "optional",
    "whether a release passes only if what was seen shows, with 95% certainty, that the objective is "
    "kept",
    "share"};
inline constexpr KeyInfo for_key{"for",
                                 "duration",
                                 Need::optional,
                                 "0s",
                                 "how long the objective must stay broken without a break before it is a breach",
                                 "expr, alerts"};
inline constexpr KeyInfo breaches{"breaches",
                                  "`N of M`",
                                  Need::optional,
                                  "",
                                  "instead of `for`: a breach when N of the last M readings break the objective",
                                  "expr, alerts"};
inline constexpr KeyInfo max_age{
    "max_age",
    "duration",
    Need::optional,
    "2m, and 5m for alerts",
    "samples older than this are no data (expr, share, count), Alertmanager silent for longer is no data "
    "(alerts); 0s asks nothing",
    "expr, share, count, alerts"};
inline constexpr KeyInfo preexisting{"preexisting",
                                     one_of(names_of<model::Preexisting>),
                                     Need::optional,
                                     "warn",
                                     "what a breach does that stood before the release began",
                                     "expr, share, count, alerts"};
inline constexpr std::array<std::string_view, 3> general_actions{"rollback", "ask", "warn"};
inline constexpr KeyInfo general_action{
    "action", one_of(general_actions), Need::optional, "rollback",
    "what a breach leads to: what the group's `mode` says, a question to a person at "
    "most, or a warning"};
inline constexpr KeyInfo reduce{"reduce",
                                one_of(names_of<model::Reduce>),
                                Need::optional,
                                "",
                                "how several series become one value; without it several series are an error",
                                "expr"};

}  // namespace guard::config::rule_policy
