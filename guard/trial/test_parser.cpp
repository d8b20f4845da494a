// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/test_parser.hpp"

#include "guard/base/text.hpp"
#include "guard/config/object_reader.hpp"
#include "guard/core/beginning.hpp"
#include "guard/trial/moment_parser.hpp"

#include <algorithm>

namespace guard::trial {
namespace {

namespace fs = std::filesystem;
using config::Node;
using config::ObjectReader;
using config::Report;
using Groups = std::vector<model::RuleGroupPtr>;

// What `parse` reads from the text; what is wrong with it is reported where it stands. `what` is how messages name it.
template <class Parse>
auto read_parsed(const Report& report, const Node& node, const std::string& what, const Parse& parse) {
  using Value = typename decltype(parse(std::string_view{}))::value_type;
  const auto text = config::read_text(report, node, what);
  if (!text) return Value{};
  auto value = parse(*text);
  if (value) return std::move(*value);
  report.error(config::offset_in(report.source(), node, value.error().offset),
               fmt::format("{}: {}", what, value.error().message));
  return Value{};
}

Series parse_input(const Report& report, const Node& node) {
  const ObjectReader object(report, node, config::objects::test_series);
  Series out;
  if (const auto* series = object.find("series")) out.labels = read_parsed(report, *series, "`series`", parse_series);
  if (const auto* values = object.find("values")) out.slots = read_parsed(report, *values, "`values`", parse_slots);
  return out;
}

std::vector<Series> parse_inputs(const ObjectReader& object) {
  std::vector<Series> out;
  for (const auto* node : object.list("input_series")) {
    auto series = parse_input(object.report(), *node);
    if (!series.labels.empty() && std::ranges::find(out, series.labels, &Series::labels) != out.end())
      object.report().error(node->offset, "a series above has the same labels; keep one of them");
    out.push_back(std::move(series));
  }
  return out;
}

// `more` in place of what has the same labels, or beside it.
std::vector<Series> joined(std::vector<Series> series, std::vector<Series> more) {
  for (auto& one : more) {
    const auto same = std::ranges::find(series, one.labels, &Series::labels);
    if (same == series.end())
      series.push_back(std::move(one));
    else
      *same = std::move(one);
  }
  return series;
}

replay::Release parse_release(const Report& report, const Node& node) {
  const ObjectReader object(report, node, config::objects::test_release);
  replay::Release out;
  out.spec.id = "test";
  out.spec.service = object.text_or_default("service");
  out.spec.environment = object.text_or_default("environment");
  out.spec.version = object.text_or_default("version");
  out.spec.previous_version = object.text_or_default("previous_version");
  out.spec.kind = object.choice<model::ReleaseKind>("kind").value_or(model::ReleaseKind::feature);
  out.spec.labels = object.texts_by_name("labels");
  out.spec.live_at = time_zero + object.duration_or_default("live");
  return out;
}

// What the tests of one file share.
struct Shared {
  const Groups& groups;
  Duration interval{0};
  const Node* release = nullptr;
  std::vector<Series> series;
};

class TestParser {
 public:
  TestParser(const ObjectReader& object, const Shared& shared) : object_(object), shared_(shared) {}

  Test parse() {
    test_.name = object_.text_or_default("name");
    test_.place = object_.report().at(object_.offset_of("name"));
    test_.interval = shared_.interval;
    test_.series = joined(shared_.series, parse_inputs(object_));
    const auto* release = object_.find("release");
    if (release == nullptr) release = shared_.release;
    if (release == nullptr) {
      object_.missing("release");
      return test_;
    }
    test_.release = parse_release(object_.report(), *release);
    auto group = core::group_for(test_.release.spec, shared_.groups);
    if (!group) {
      object_.report().error(release->offset, group.error().message);
      return test_;
    }
    test_.group = std::move(*group);
    read_given();
    read_signals();
    read_moments();
    return test_;
  }

 private:
  void read_given() {
    const auto* values = object_.find("values");
    if (values == nullptr) return;
    object_.texts_by_name("values");  // says what is no text
    for (const auto& node : values->children) {
      const auto rule = find_rule(object_.report(), node.key, node.key_offset, *test_.group);
      if (rule && takes_values(test_.group->rules[*rule].kind, node))
        test_.given[*rule] = read_parsed(object_.report(), node, fmt::format("`{}`", node.key), parse_slots);
    }
  }

  bool takes_values(model::RuleKind kind, const Node& node) const {
    const auto refuse = [&](const char* advice) {
      object_.report().error(node.key_offset, advice);
      return false;
    };
    switch (kind) {
      case model::RuleKind::expr:
        return node.kind == config::NodeKind::scalar;
      case model::RuleKind::share:
        return refuse("a share of events is counted; give its counters as `input_series`");
      case model::RuleKind::count:
        return refuse("a count of events is taken from its counters; give them as `input_series`");
      case model::RuleKind::alerts:
        return refuse("alerts are given as the series ALERTS under `input_series`");
      case model::RuleKind::signal:
        return refuse("a signal is given under `signals`");
    }
    return false;
  }

  void read_signals() {
    for (const auto* node : object_.list("signals")) {
      const ObjectReader signal(object_.report(), *node, config::objects::test_signal);
      model::Signal posted;
      posted.succeeded = signal.word("status", config::test_statuses) == "succeeded";
      posted.detail = signal.text_or_default("detail");
      posted.at = *test_.release.spec.live_at + signal.duration("at").value_or(Duration{0});
      const auto name = signal.text_or_default("name");
      if (!test_.release.signals.emplace(name, posted).second)
        signal.error("name", "a signal above has this name, and the last one counts; keep one of them");
    }
  }

  void read_moments() {
    for (const auto* node : object_.list("expect"))
      test_.moments.push_back(parse_moment(object_.report(), *node, *test_.group));
    std::ranges::stable_sort(test_.moments, {}, &Moment::at);
  }

  const ObjectReader& object_;
  const Shared& shared_;
  Test test_;
};

Groups load_groups(const ObjectReader& object, const fs::path& file, config::Diagnostics& diagnostics) {
  std::vector<fs::path> paths;
  for (const auto* node : object.list("rule_files"))
    if (const auto path = config::read_text(object.report(), *node, "an entry of `rule_files`"))
      paths.push_back((file.parent_path() / *path).lexically_normal());
  auto loaded = config::load_rule_files(paths);
  for (auto& found : loaded.diagnostics.items)
    if (found.severity == config::Severity::error) diagnostics.items.push_back(std::move(found));
  return loaded.value ? loaded.value->groups : Groups{};
}

std::vector<Test> parse_file(const ObjectReader& object, const fs::path& file, config::Diagnostics& diagnostics) {
  std::vector<Test> out;
  const auto groups = load_groups(object, file, diagnostics);
  Shared shared{groups, object.duration("interval").value_or(Duration{0}), object.find("release"),
                parse_inputs(object)};
  if (shared.interval <= Duration{0} && object.find("interval") != nullptr)
    object.error("interval", "`interval` must be longer than 0s");
  // Without the rules nothing more can be said of the tests.
  if (groups.empty()) return out;
  for (const auto* node : object.list("tests")) {
    const ObjectReader test(object.report(), *node, config::objects::test);
    if (node->kind != config::NodeKind::map) continue;
    out.push_back(TestParser(test, shared).parse());
    if (std::ranges::count(out, out.back().name, &Test::name) > 1)
      test.error("name", "a test above has this name; rename one");
  }
  return out;
}

config::Loaded<std::vector<Test>> parse_source(const config::Source& source, const fs::path& file,
                                               config::Diagnostics diagnostics) {
  config::Loaded<std::vector<Test>> out;
  const Report report(source, diagnostics);
  if (const auto root = config::read_yaml(report))
    out.value = parse_file(ObjectReader(report, *root, config::objects::test_file), file, diagnostics);
  if (diagnostics.has_errors()) out.value.reset();
  sort(diagnostics);
  out.diagnostics = std::move(diagnostics);
  return out;
}

}  // namespace

config::Loaded<std::vector<Test>> load_tests(const fs::path& file) {
  config::Diagnostics diagnostics;
  if (const auto source = config::read_source(file, file, diagnostics))
    return parse_source(*source, file, std::move(diagnostics));
  return {std::nullopt, std::move(diagnostics)};
}

config::Loaded<std::vector<Test>> parse_tests(const std::string& text, const fs::path& file) {
  return parse_source(config::Source(file.string(), text), file, {});
}

}  // namespace guard::trial
