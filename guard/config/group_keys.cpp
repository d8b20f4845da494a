// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_policy_keys.hpp"
#include "guard/model/release.hpp"

#include <array>

namespace guard::config {
namespace {

using namespace rule_policy;
using enum Need;

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

constexpr std::array group_detect_keys{
    KeyInfo{"expr", "PromQL", required, "",
            "shows what runs: for each version a series with the label `version`, and how much of it there is"}};

constexpr std::array budget_kinds{KindInfo{"expr", "expr"}, KindInfo{"share", "bad", "total"},
                                  KindInfo{"share", "good", "total"}};

}  // namespace

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
}  // namespace objects

}  // namespace guard::config
