// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_policy_keys.hpp"

#include <array>

namespace guard::config {
namespace {

using namespace rule_policy;
using enum Need;

constexpr KeyInfo action{"action", one_of(names_of<model::Action>), optional, "rollback",
                         "what a breach leads to: what the group's `mode` says, a question to a person at most, the "
                         "call of another hook before that, or a warning"};
constexpr std::array rule_keys{
    KeyInfo{"slo", "name", required, "", "names the objective; unique in its group"},
    KeyInfo{"expr", "PromQL", optional, "", "where the value comes from: a PromQL expression without a threshold"},
    KeyInfo{"bad", "selector", optional, "",
            "where the value comes from: the counters of the bad events, as they are exported, beside `total`",
            "share"},
    KeyInfo{"good", "selector", optional, "", "instead of `bad`: the counters of the good events", "share"},
    KeyInfo{"total", "selector", optional, "", "the counters of all events, of which `bad` or `good` are a part",
            "share"},
    KeyInfo{"histogram", "selector", optional, "",
            "instead of counters: a native histogram, of which the events above `within` are bad", "share"},
    KeyInfo{"within", "quantity", optional, "",
            "what an event of `histogram` may take at most, in its unit: `2s`, `1MiB`", "share"},
    KeyInfo{
        "count", "selector", optional, "",
        "where the value comes from: the counters of events, as they are exported, of which enough must come; they are "
        "held against those of `baseline`"},
    KeyInfo{
        "control", "list of matchers", optional, "",
        "chooses who has not got the release: the same counters, or the same expression, with these matchers in place "
        "of those on the same labels; what they show alike is a shared cause, and a person is asked instead of rolling "
        "back",
        "expr, share"},
    KeyInfo{"alerts", "list of matchers", optional, "", "where the value comes from: alerts that must not fire"},
    KeyInfo{"signal", "signal name", optional, "",
            "where the value comes from: a verdict the pipeline posts by this name"},
    KeyInfo{"objective", "objective", required, "",
            "what must hold: `< 1%` or `>= 50% of baseline` for expr, `< 1%` for a share of bad events, `>= 50% of "
            "baseline` "
            "for a count, `none firing` for alerts, `succeeded` for signal"},
    KeyInfo{"fatal", "objective", optional, "", "a condition that is a breach at its first reading", "expr"},
    for_key,
    breaches,
    KeyInfo{"only_if", "PromQL", optional, "",
            "the value counts only while this expression has a result; else there is no data", "expr"},
    KeyInfo{"baseline", one_or_list_of("object or list of objects", objects::baseline), optional, "",
            "what an objective `of baseline` is measured against: of a list the first that has data", "expr, count"},
    reduce,
    max_age,
    on_no_data,
    on_error,
    confidence,
    min_events,
    on_too_few,
    proof,
    action,
    KeyInfo{"call", one(objects::remedy), optional, "",
            "the hook that is called once, before anything is rolled back; with `action: call`"},
    preexisting,
    KeyInfo{"annotations", "texts by name", optional, "",
            "words for people; may use {{ value }} and {{ objective }}. `advice` says what to do about a breach, and "
            "stands in "
            "its messages"}};

constexpr std::array remedy_keys{
    KeyInfo{"hook", "text", required, "", "the hook of the configuration file that is called, once in a watch"},
    KeyInfo{"within", "duration", optional, "5m",
            "how long after the decision the objective may take to hold again, the call included"},
    KeyInfo{"then", one_of(general_actions), optional, "ask", "what a breach leads to that stands after that"}};

constexpr std::array preflight_rule_keys{
    KeyInfo{"slo", "name", required, "", "names it; unique in its group"},
    KeyInfo{"expr", "PromQL", required, "", "where the value comes from: a PromQL expression without a threshold"},
    KeyInfo{"objective", "objective", required, "", "what must hold now: `< 26h`, `> 336h`"}, reduce,
    KeyInfo{"annotations", "texts by name", optional, "",
            "words for people: `advice` says what to do where it does not hold"}};

constexpr std::array rule_kinds{KindInfo{"expr", "expr"},           KindInfo{"share", "bad", "total"},
                                KindInfo{"share", "good", "total"}, KindInfo{"share", "histogram", "within"},
                                KindInfo{"count", "count"},         KindInfo{"alerts", "alerts"},
                                KindInfo{"signal", "signal"}};

constexpr std::array rule_refused{
    RefusedKey{"alert", "this is no Prometheus alert; name the rule with `slo`"},
    RefusedKey{"record", "this is no Prometheus recording rule; name the rule with `slo`"},
    RefusedKey{"labels", "use `annotations`"},
    RefusedKey{"threshold", "write it in `objective`, for example \"< 1%\""},
    RefusedKey{"keep_firing_for", "a breach that led to a rollback is not forgotten"},
    RefusedKey{"window", "it belongs to the group"},
    RefusedKey{"settle", "it belongs to the group"},
    RefusedKey{"interval", "it belongs to the group"}};

constexpr std::array baseline_keys{
    KeyInfo{
        "over", "duration", optional, "",
        "the time before the release began, as long as this: of an expression its median, of a count each moment of it "
        "in turn"},
    KeyInfo{"offset", "duration", optional, "", "the same expression, or the same counters, this long before"}};

constexpr std::array baseline_kinds{KindInfo{"over", "over"}, KindInfo{"offset", "offset"}};

}  // namespace

namespace objects {
constexpr ObjectInfo rule{"a rule", rule_keys, rule_refused, rule_kinds};
constexpr ObjectInfo remedy{"`call`", remedy_keys};
constexpr ObjectInfo preflight_rule{"a rule of `preflight`", preflight_rule_keys, rule_refused};
constexpr ObjectInfo baseline{"`baseline`", baseline_keys, {}, baseline_kinds};
}  // namespace objects

}  // namespace guard::config
