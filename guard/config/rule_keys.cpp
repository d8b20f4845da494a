// SPDX-License-Identifier: Apache-2.0
#include "guard/config/keys.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"

#include <algorithm>
#include <array>

namespace guard::config {
namespace {

using enum Need;

constexpr ValueType missing_policy = one_of(names_of<model::MissingPolicy>);
constexpr std::array<std::string_view, 2> too_few_policies{"hold", "ignore"};

constexpr KeyInfo on_no_data{"on_no_data", missing_policy, inherited, "",
                             "what a reading without data means: wait, pass over it, or count it as a breach"};
constexpr KeyInfo on_error{"on_error",
                           missing_policy,
                           inherited,
                           "",
                           "what a failed reading means: wait, pass over it, or count it as a breach",
                           "expr, share, count, alerts"};
constexpr KeyInfo on_too_few{"on_too_few",
                             one_of(too_few_policies),
                             optional,
                             "hold for a share or a count, as on_no_data for expr",
                             "what it means that too little came to judge, too few events or an `only_if` without a "
                             "result: nobody knows, or the rule is left out",
                             "expr, share, count"};
constexpr KeyInfo confidence{
    "confidence",
    "percentage",
    optional,
    "99.9%",
    "how sure a breach must be: of the watches of a service that is just at the objective, no more than the rest ends "
    "in one",
    "share, count"};
constexpr KeyInfo min_events{
    "min_events", "number", optional, "", "how many events must have come before the objective may count as kept",
    "share"};
constexpr KeyInfo proof{
    "proof",
    one_of(names_of<model::Proof>),
    optional,
    "optional",
    "whether a release passes only if what was seen shows, with 95% certainty, that the objective is "
    "kept",
    "share"};
constexpr KeyInfo for_key{"for",
                          "duration",
                          optional,
                          "0s",
                          "how long the objective must stay broken without a break before it is a breach",
                          "expr, alerts"};
constexpr KeyInfo breaches{"breaches",
                           "`N of M`",
                           optional,
                           "",
                           "instead of `for`: a breach when N of the last M readings break the objective",
                           "expr, alerts"};
constexpr KeyInfo max_age{
    "max_age",
    "duration",
    optional,
    "2m, and 5m for alerts",
    "samples older than this are no data (expr, share, count), Alertmanager silent for longer is no data "
    "(alerts); 0s asks nothing",
    "expr, share, count, alerts"};
constexpr KeyInfo preexisting{"preexisting",
                              one_of(names_of<model::Preexisting>),
                              optional,
                              "warn",
                              "what a breach does that stood before the release began",
                              "expr, share, count, alerts"};
constexpr std::array<std::string_view, 3> general_actions{"rollback", "ask", "warn"};
constexpr KeyInfo general_action{"action", one_of(general_actions), optional, "rollback",
                                 "what a breach leads to: what the group's `mode` says, a question to a person at "
                                 "most, or a warning"};
constexpr KeyInfo action{"action", one_of(names_of<model::Action>), optional, "rollback",
                         "what a breach leads to: what the group's `mode` says, a question to a person at most, the "
                         "call of another hook before that, or a warning"};
constexpr KeyInfo reduce{"reduce",
                         one_of(names_of<model::Reduce>),
                         optional,
                         "",
                         "how several series become one value; without it several series are an error",
                         "expr"};

constexpr KeyInfo window{"window", "duration", inherited, "", "how long after going live the release is watched"};
constexpr KeyInfo settle{"settle", "duration", optional, "5m",
                         "readings of the first moments, up to this age, never count as a breach"};
constexpr KeyInfo interval{"interval", "duration", optional, "15s", "how often every rule is read"};
constexpr KeyInfo rollback_key{"rollback", one(objects::rollback), inherited, "", "what a breach does"};

constexpr std::array rule_file_keys{
    KeyInfo{"groups", list_of("list of groups", objects::group), required, "", "the rule groups"},
    KeyInfo{"defaults", one(objects::file_defaults), optional, "",
            "values for every group and rule of this file that does not set them"}};

constexpr std::array file_default_keys{window,     settle,     interval,   rollback_key, on_no_data,     on_error,
                                       for_key,    breaches,   max_age,    preexisting,  general_action, reduce,
                                       confidence, min_events, on_too_few, proof};

constexpr std::array group_default_keys{on_no_data,     on_error, for_key,    breaches,   max_age,    preexisting,
                                        general_action, reduce,   confidence, min_events, on_too_few, proof};

constexpr std::array group_keys{
    KeyInfo{"name", "text", required, "", "names the group; unique over all rule files"},
    KeyInfo{"match", "list of matchers", required, "",
            "which releases it watches, by service, environment, version, previous_version, kind and release labels"},
    window,
    settle,
    interval,
    KeyInfo{
        "serves", "PromQL", optional, "",
        "shows that the announced version serves, once a series of its result is above 0; until then nothing is held "
        "against the release, and after a rollback nothing is said to hold again"},
    KeyInfo{"serves_within", "duration", optional, "5m",
            "how long after it is live, or after the hook, a person is told that the version does not serve yet"},
    KeyInfo{"requires", one(objects::group_requires), optional, "",
            "what must have been shown before its releases are announced: of the version in another environment, by a "
            "preflight"},
    KeyInfo{"freeze", one(objects::group_freeze), optional, "",
            "which of its releases begin a freeze of their service and environment by going live"},
    KeyInfo{"error_budget", one(objects::group_error_budget), optional, "",
            "without which `release-guard gate` lets no release begin"},
    KeyInfo{"detect", one(objects::group_detect), optional, "",
            "finds releases that nobody announces: another version runs than before"},
    KeyInfo{"contacts", one(objects::group_contacts), optional, "",
            "whom to call where one of its releases needs a person; they stand in every message that says so"},
    rollback_key,
    KeyInfo{"defaults", one(objects::group_defaults), optional, "",
            "values for every rule of this group that does not set them"},
    KeyInfo{"preflight", list_of("list of rules before a release", objects::preflight_rule), optional, "",
            "what must hold before a release begins, asked once by `release-guard preflight`"},
    KeyInfo{"rules", list_of("list of rules", objects::rule), required, "", "the service level objectives"}};

constexpr std::array group_refused{RefusedKey{"labels", "give a rule `annotations` instead"},
                                   RefusedKey{"limit", "a rule with several series names a `reduce`"},
                                   RefusedKey{"query_offset", "`max_age` says how old a sample may be"},
                                   RefusedKey{"hook", "it belongs under `rollback`"},
                                   RefusedKey{"mode", "it belongs under `rollback`"},
                                   RefusedKey{"verify", "it belongs under `rollback`"},
                                   RefusedKey{"cooldown", "it belongs under `rollback`"}};

constexpr std::array group_requires_keys{
    KeyInfo{"passed", one(objects::group_passed), optional, "",
            "where the same version of the service must have passed"},
    KeyInfo{"preflight", "duration", optional, "",
            "how recently a preflight of the service and environment must have passed"},
    KeyInfo{"for", "duration", optional, "0s", "how long it must have been live there, without another in its place"},
    KeyInfo{"action", one_of(names_of<model::UnmetAction>), optional, "refuse",
            "whether an announcement that lacks it is refused, or taken with a warning"},
    KeyInfo{"allow", list_of("list of release kinds", names_of<model::ReleaseKind>), optional, "rollback",
            "kinds of release of which it is not asked"}};

constexpr std::array group_passed_keys{KeyInfo{"environment", "text", required, "", "the other environment"}};

constexpr std::array group_freeze_keys{
    KeyInfo{"for", "duration", required, "", "how long after the release is live no other may begin"},
    KeyInfo{"after", list_of("list of changes", names_of<model::Change>), required, "",
            "after which releases: `first`, the first that is known in its service and environment, or by semantic "
            "versioning against its previous version `major`, `minor`, `patch`"},
    KeyInfo{"allow", list_of("list of release kinds", names_of<model::ReleaseKind>), optional, "hotfix, rollback",
            "kinds that may be released all the same"}};

constexpr std::array group_error_budget_keys{
    KeyInfo{"expr", "PromQL", optional, "",
            "the share of the budget that is left, 1 being all, where something else reckons it already"},
    KeyInfo{"bad", "selector", optional, "", "the counters of the bad events, as they are exported, beside `total`"},
    KeyInfo{"good", "selector", optional, "", "the counters of the good events, beside `total`"},
    KeyInfo{"total", "selector", optional, "", "the counters of all events"},
    KeyInfo{"objective", "objective", optional, "", "the share of bad events that is allowed, `< 0.1%`", "share"},
    KeyInfo{"over", "duration", optional, "30d", "how far back the events are counted", "share"},
    KeyInfo{"action", one_of(names_of<model::UnmetAction>), optional, "refuse",
            "whether the gate is closed where nothing is left, or open with a warning"},
    KeyInfo{"allow", list_of("list of release kinds", names_of<model::ReleaseKind>), optional, "hotfix, rollback",
            "kinds of release that may begin all the same"}};

constexpr std::array group_contacts_keys{
    KeyInfo{"primary", "text", optional, "", "who is on call: a name, and how that person is reached"},
    KeyInfo{"secondary", "text", optional, "", "whom to call where the primary does not answer"},
    KeyInfo{"lead", "text", optional, "", "who decides where both are at a loss"}};

constexpr std::array rollback_keys{
    KeyInfo{"hook", "text", inherited, "",
            "the hook of the configuration file that rolls back; only mode observe needs none"},
    KeyInfo{"mode", one_of(names_of<model::Mode>), inherited, "",
            "say what would happen, ask a person, or act without asking"},
    KeyInfo{"verify", "duration", optional, "30m",
            "after the hook the objectives must hold again within this time, and are watched for the whole of it: that "
            "they hold is told at once, and a person is called if one breaks again"},
    KeyInfo{"cooldown", "duration", optional, "1h",
            "no second automatic rollback of the same service and environment within this time"}};

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

constexpr std::array group_detect_keys{
    KeyInfo{"expr", "PromQL", required, "",
            "shows what runs: for each version a series with the label `version`, and how much of it there is"}};

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

constexpr std::array budget_kinds{KindInfo{"expr", "expr"}, KindInfo{"share", "bad", "total"},
                                  KindInfo{"share", "good", "total"}};
constexpr std::array baseline_kinds{KindInfo{"over", "over"}, KindInfo{"offset", "offset"}};

}  // namespace

const KeyInfo* ObjectInfo::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key, &KeyInfo::name);
  return found == keys.end() ? nullptr : &*found;
}

namespace objects {
constexpr ObjectInfo rule_file{"a rule file", rule_file_keys};
constexpr ObjectInfo file_defaults{"`defaults`", file_default_keys};
constexpr ObjectInfo group{"a rule group", group_keys, group_refused};
constexpr ObjectInfo group_defaults{"`defaults` of a group", group_default_keys};
constexpr ObjectInfo group_requires{"`requires`", group_requires_keys};
constexpr ObjectInfo group_passed{"`passed`", group_passed_keys};
constexpr ObjectInfo group_freeze{"`freeze`", group_freeze_keys};
constexpr ObjectInfo group_error_budget{"`error_budget`", group_error_budget_keys, {}, budget_kinds};
constexpr ObjectInfo group_detect{"`detect`", group_detect_keys};
constexpr ObjectInfo group_contacts{"`contacts`", group_contacts_keys};
constexpr ObjectInfo rollback{"`rollback`", rollback_keys};
constexpr ObjectInfo rule{"a rule", rule_keys, rule_refused, rule_kinds};
constexpr ObjectInfo remedy{"`call`", remedy_keys};
constexpr ObjectInfo preflight_rule{"a rule of `preflight`", preflight_rule_keys, rule_refused};
constexpr ObjectInfo baseline{"`baseline`", baseline_keys, {}, baseline_kinds};
}  // namespace objects

std::span<const ObjectInfo* const> all_objects() {
  using namespace objects;
  static constexpr std::array all{&rule_file,
                                  &group,
                                  &group_requires,
                                  &group_passed,
                                  &group_freeze,
                                  &group_error_budget,
                                  &group_detect,
                                  &group_contacts,
                                  &rule,
                                  &remedy,
                                  &preflight_rule,
                                  &rollback,
                                  &baseline,
                                  &file_defaults,
                                  &group_defaults,
                                  &settings,
                                  &prometheus,
                                  &alertmanager,
                                  &basic_auth,
                                  &authorization,
                                  &tls,
                                  &hook,
                                  &command_hook,
                                  &http_hook,
                                  &receiver,
                                  &token,
                                  &brakes,
                                  &breaker,
                                  &freeze,
                                  &events,
                                  &github_events,
                                  &web,
                                  &web_tls,
                                  &web_client,
                                  &web_user,
                                  &web_file,
                                  &web_file_tls,
                                  &web_file_http,
                                  &on_behalf_of,
                                  &test_file,
                                  &test,
                                  &test_release,
                                  &test_series,
                                  &test_signal,
                                  &test_moment,
                                  &test_reading,
                                  &client_file};
  return all;
}

}  // namespace guard::config
