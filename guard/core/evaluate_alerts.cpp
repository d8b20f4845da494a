// SPDX-License-Identifier: Apache-2.0
#include "guard/base/clock_tolerance.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/evaluation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

using Found = std::vector<const FiringAlert*>;

std::string name_of(const FiringAlert& alert) {
  const auto name = alert.labels.find("alertname");
  return name == alert.labels.end() ? alert.fingerprint : name->second;
}

// Names the alerts that were counted, each once.
void name_counted(Evaluation& evaluation, const Found& alerts) {
  for (const auto* alert : alerts) {
    if (std::ranges::find(evaluation.alerts, name_of(*alert)) != evaluation.alerts.end()) continue;
    evaluation.alerts.push_back(name_of(*alert));
    evaluation.alert_urls.push_back(alert->generator_url);
  }
}

std::string list(const Found& alerts) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(alerts.size(), 3); ++i)
    out += fmt::format("{}{} since {}", i == 0 ? "" : ", ", name_of(*alerts[i]), time_text(alerts[i]->starts_at));
  return out + (alerts.size() > 3 ? ", …" : "");
}

Result<std::vector<Matcher>> rendered_matchers(const Rule& rule, const Subject& subject) {
  std::vector<Matcher> matchers;
  for (const auto& text : rule.alerts) {
    const auto rendered = text.render(subject);
    if (!rendered) return std::unexpected(rendered.error());
    auto matcher = Matcher::parse(*rendered);
    if (!matcher) return std::unexpected(matcher.error());
    matchers.push_back(std::move(*matcher));
  }
  return matchers;
}

// What the rule's matchers match, by whose it is.
struct Split {
  Found of_release;
  Found older;
  Found of_version_before;
  Found silenced;
  Found inhibited;
  Found of_the_future;        // of the release by its labels, but begun when it is not yet
  Found unclear;              // a label that the matchers do not name says another release
  std::string unclear_label;  // of the first of them, as name="value"

  std::string left_out() const {
    std::string out;
    const auto add = [&](std::string_view words, const Found& alerts) {
      if (!alerts.empty()) out += fmt::format("; {}: {}", words, list(alerts));
    };
    add("firing since before the deployment", older);
    add("of the version before", of_version_before);
    add("silenced, so not counted", silenced);
    add("inhibited by another alert, so not counted", inhibited);
    return out;
  }
};

class Splitter {
 public:
  Splitter(const Rule& rule, const Subject& subject, const AlertsAnswer& answer, Instant now)
      : rule_(rule), subject_(subject), answer_(answer), now_(now) {}

  Split split(const std::vector<Matcher>& matchers) {
    for (const auto& alert : answer_.list->firing)
      if (matches_all(matchers, alert.labels)) place(alert, matchers).push_back(&alert);
    return std::move(out_);
  }

 private:
  // What began before the switch is not the release's, whatever its labels say.
  Found& place(const FiringAlert& alert, const std::vector<Matcher>& matchers) {
    const bool old = alert.starts_at < answer_.switch_began && rule_.preexisting == Preexisting::warn;
    const auto foreign = foreign_label(alert.labels, subject_, matchers);
    if (foreign && *foreign == "version" && alert.labels.at(*foreign) == subject_.previous_version)
      return out_.of_version_before;
    if (alert.muted != Muted::no) return alert.muted == Muted::silenced ? out_.silenced : out_.inhibited;
    if (old) return out_.older;
    if (foreign) return unclear(*foreign, alert.labels.at(*foreign));
    return alert.starts_at > now_.wall + clock_tolerance ? out_.of_the_future : out_.of_release;
  }

  Found& unclear(const std::string& name, const std::string& value) {
    if (out_.unclear.empty()) out_.unclear_label = fmt::format("{}=\"{}\"", name, value);
    return out_.unclear;
  }

  const Rule& rule_;
  const Subject& subject_;
  const AlertsAnswer& answer_;
  Instant now_;
  Split out_;
};

// What the rule asks for fires, and only a label says that it is not the release's: that is no proof of health.
std::string unclear_whose(const Split& found) {
  const auto name = found.unclear_label.substr(0, found.unclear_label.find('='));
  return fmt::format(
      "firing, but {} is not this release's: {}; name `{}` in the rule's matchers to say which alerts "
      "count{}",
      found.unclear_label, list(found.unclear), name, found.left_out());
}

}  // namespace

bool may_concern(const RuleGroup& group, const Subject& subject, const std::vector<Labels>& alerts) {
  return std::ranges::any_of(group.rules, [&](const Rule& rule) {
    if (rule.kind != RuleKind::alerts) return false;
    const auto matchers = rendered_matchers(rule, subject);
    return !matchers || std::ranges::any_of(alerts, [&](const auto& alert) { return matches_all(*matchers, alert); });
  });
}

Evaluation evaluate_alerts(const Rule& rule, const Subject& subject, const AlertsAnswer& answer, Instant now) {
  const auto made = [&](Outcome outcome, Reason reason, std::string detail) {
    return Evaluation{outcome, reason, std::nullopt, std::nullopt, std::move(detail), now};
  };
  if (!answer.list) return made(Outcome::error, answer.list.error().reason, answer.list.error().message);
  const auto matchers = rendered_matchers(rule, subject);
  if (!matchers) return made(Outcome::error, Reason::template_refused, matchers.error().message);
  const auto found = Splitter(rule, subject, answer, now).split(*matchers);
  const auto left_out = found.left_out();
  const auto count = static_cast<double>(found.of_release.size());
  if (!found.of_release.empty()) {
    Evaluation broken{Outcome::breach, Reason::objective_broken, count, 0.0, "", now};
    broken.detail = fmt::format("firing: {}{}", list(found.of_release), left_out);
    name_counted(broken, found.of_release);
    return broken;
  }
  if (!found.of_the_future.empty())
    return made(Outcome::error, Reason::wrong_type,
                fmt::format("firing, but only in the future: {}; compare the clocks of Prometheus and of the guard{}",
                            list(found.of_the_future), left_out));
  if (answer.list->silent_for && *answer.list->silent_for > rule.max_age)
    return made(Outcome::no_data, Reason::alertmanager_silent,
                fmt::format("Alertmanager has not been heard of for {}", format_duration(rule.max_age)));
  if (const auto& doubt = answer.list->doubt) return made(Outcome::error, doubt->reason, doubt->message);
  if (!found.unclear.empty()) return made(Outcome::no_data, Reason::whose_is_unclear, unclear_whose(found));
  return {Outcome::ok, Reason::objective_met, count, 0.0, "no alert of this release is firing" + left_out, now};
}

}  // namespace guard::core
