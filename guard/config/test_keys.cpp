// SPDX-License-Identifier: Apache-2.0
#include "guard/config/keys.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/reason.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule_state.hpp"

#include <array>

namespace guard::config {
namespace {

using enum Need;

constexpr std::array test_file_keys{
    KeyInfo{"rule_files", "list of paths", required, "", "the rule files that are tested"},
    KeyInfo{"interval", "duration", required, "", "the test time between two values of a series"},
    KeyInfo{"release", one(objects::test_release), optional, "", "the release of the tests that have none"},
    KeyInfo{"input_series", list_of("list of series", objects::test_series), optional, "", "series of every test"},
    KeyInfo{"tests", list_of("list of tests", objects::test), required, "", "the tests"}};

constexpr std::array test_keys{
    KeyInfo{"name", "text", required, "", "what the test shows; unique in its file"},
    KeyInfo{"release", one(objects::test_release), optional, "", "what goes live; here, or once for the file"},
    KeyInfo{"input_series", list_of("list of series", objects::test_series), optional, "",
            "what Prometheus has; takes the place of the file's series with the same labels"},
    KeyInfo{"values", "texts by name", optional, "",
            "by rule of kind expr: what its expression answers, in the notation of series, instead of asking "
            "Prometheus"},
    KeyInfo{"signals", list_of("list of signals", objects::test_signal), optional, "", "what the pipeline posts"},
    KeyInfo{"expect", list_of("list of moments", objects::test_moment), required, "", "what must have come of it"}};

constexpr std::array release_keys{
    KeyInfo{"service", "text", required, "", "as a pipeline announces it"},
    KeyInfo{"environment", "text", required, "", "as a pipeline announces it"},
    KeyInfo{"version", "text", required, "", "as a pipeline announces it"},
    KeyInfo{"previous_version", "text", optional, "", "where a rollback leads; without it there is none"},
    KeyInfo{"kind", one_of(names_of<model::ReleaseKind>), optional, "feature", "what kind of release it is"},
    KeyInfo{"labels", "texts by name", optional, "", "its release labels"},
    KeyInfo{"live", "duration", optional, "0s", "when it goes live, in test time"}};

constexpr std::array series_keys{
    KeyInfo{"series", "series", required, "", "its name and labels: `name{label=\"value\"}`"},
    KeyInfo{"values", "values", required, "", "one at each interval, as promtool writes them: `0+10x60 _ stale`"}};

constexpr std::array signal_keys{KeyInfo{"name", "signal name", required, "", "which signal"},
                                 KeyInfo{"at", "duration", required, "", "when it is posted, since live"},
                                 KeyInfo{"status", one_of(test_statuses), required, "", "what was found"},
                                 KeyInfo{"detail", "text", optional, "", "words about it"}};

constexpr std::array moment_keys{
    KeyInfo{"at", "duration", required, "", "when, since live"},
    KeyInfo{"phase", one_of(names_of<model::Phase>), optional, "", "where the release stands then"},
    KeyInfo{"decision", one_of(test_decisions), optional, "", "the latest decision about the release"},
    KeyInfo{"by", "name", optional, "", "the rule that led to that decision"},
    KeyInfo{"rules", list_of("list of readings", objects::test_reading), optional, "", "how rules stand then"}};

constexpr std::array reading_keys{
    KeyInfo{"slo", "name", required, "", "which rule"},
    KeyInfo{"evaluation", one_of(names_of<model::Outcome>), optional, "", "what its latest reading is"},
    KeyInfo{"value", "quantity", optional, "", "what was read, equal in five digits"},
    KeyInfo{"verdict", one_of(names_of<model::Verdict>), optional, "", "what the judge makes of all readings"},
    KeyInfo{"reason", one_of(names_of<model::Reason>), optional, "", "why the verdict is so"}};

}  // namespace

namespace objects {
constexpr ObjectInfo test_file{"a test file", test_file_keys};
constexpr ObjectInfo test{"a test", test_keys};
constexpr ObjectInfo test_release{"the `release` of a test", release_keys};
constexpr ObjectInfo test_series{"an input series", series_keys};
constexpr ObjectInfo test_signal{"a signal of a test", signal_keys};
constexpr ObjectInfo test_moment{"a moment of `expect`", moment_keys};
constexpr ObjectInfo test_reading{"an entry of `rules` of a moment", reading_keys};
}  // namespace objects

}  // namespace guard::config
