// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/tables.hpp"

#include "tests/decisions/markdown.hpp"
#include "tests/decisions/tally.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;
using sim::Kind;
using sim::Plan;
using sim::TrafficClass;

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string of_bad(const Tally& tally) {
  return fmt::format("{} of {}, {}", tally.in_time.of, tally.in_time.all, seconds(at_share(tally.delays, 0.5)));
}

std::string of_good(const Tally& tally) {
  return fmt::format("{} of {}", tally.false_rollbacks.of, tally.false_rollbacks.all);
}

bool labelled(const Trials& trials, Kind kind, bool roll_back) {
  return std::ranges::any_of(trials,
                             [&](const Trial& t) { return t.plan.kind == kind && t.plan.roll_back == roll_back; });
}

std::string upper(Share share) {
  return fmt::format("{} of {}, at most {:.2f}%", share.of, share.all, 100 * interval_of(share).high);
}

std::string by_judge(const Held& held, const Names& judges, const std::function<bool(const Plan&)>& counts) {
  auto out = header({"judge", "recall, in time", "found at all", "precision", "median delay", "95% of delays within",
                     "false on unchanged services"});
  for (std::size_t judge = 0; judge < judges.size(); ++judge) {
    const auto all = tally(held.mixed, judge, counts);
    const auto none = tally(held.unchanged, judge, counts);
    out += row({judges[judge], text_of(all.in_time), text_of(all.found), text_of(all.right),
                seconds(at_share(all.delays, 0.5)), seconds(at_share(all.delays, 0.95)), upper(none.false_rollbacks)});
  }
  return out;
}

}  // namespace

std::string overall(const Held& held, const Names& judges) {
  return by_judge(held, judges, every);
}

std::string by_kind(const Held& held, const Names& judges) {
  auto out = header_of("should be rolled back", judges);
  const auto rows = [&](bool roll_back, auto cell) {
    for (const auto& [kind, name] : EnumNames<Kind>::table)
      if (labelled(held.mixed, kind, roll_back))
        out += row_of(in_words(kind), judges, [&, wanted = kind](std::size_t judge) {
          return cell(tally(held.mixed, judge, [=](const Plan& plan) { return plan.kind == wanted; }));
        });
  };
  rows(true, of_bad);
  out += "\n" + header_of("should be kept", judges);
  rows(false, of_good);
  return out;
}

std::string by_traffic(const Held& held, const Names& judges) {
  std::string out;
  for (const auto& [traffic, name] : EnumNames<TrafficClass>::table)
    out += fmt::format("#### {}\n\n{}\n", name, by_judge(held, judges, [wanted = traffic](const Plan& plan) {
                         return sim::traffic_class(plan.traffic) == wanted;
                       }));
  return out;
}

std::string false_rollbacks(const Held& held, const Names& judges) {
  auto out = header_of("unchanged services", judges);
  const auto add = [&](const std::string& what, const std::function<bool(const Plan&)>& counts) {
    out += row_of(what, judges,
                  [&](std::size_t judge) { return upper(tally(held.unchanged, judge, counts).false_rollbacks); });
  };
  for (const auto& [traffic, name] : EnumNames<TrafficClass>::table)
    add(std::string(name), [wanted = traffic](const Plan& p) { return sim::traffic_class(p.traffic) == wanted; });
  for (const auto& [clumping, name] : EnumNames<sim::Clumping>::table)
    add(fmt::format("failures {}", name), [wanted = clumping](const Plan& p) { return p.clumping == wanted; });
  for (const auto& [turnover, name] : EnumNames<sim::Turnover>::table)
    add(fmt::format("series {}", name), [wanted = turnover](const Plan& p) { return p.turnover == wanted; });
  return out;
}

std::string misjudged(const Held& held) {
  std::string out;
  const auto add = [&](const Trials& trials) {
    for (const auto& trial : trials) {
      const auto call = call_of(trial.plan, trial.rolled_back.front());
      if (call == Call::in_time || call == Call::kept) continue;
      out += fmt::format("- {}, {:.3g}/s: {}\n", sim::name_of(trial.plan), trial.plan.traffic, in_words(call));
    }
  };
  add(held.mixed);
  add(held.unchanged);
  return out;
}

std::string as_json(const Held& held, const Names& judges) {
  std::vector<std::string> lines;
  const auto add = [&](const Trials& trials) {
    for (const auto& trial : trials) {
      std::vector<std::string> verdicts;
      for (std::size_t i = 0; i < judges.size(); ++i) {
        const auto at = trial.rolled_back[i];
        verdicts.push_back(fmt::format(R"("{}":{})", judges[i], at ? fmt::to_string(in_seconds(*at)) : "null"));
      }
      const auto& plan = trial.plan;
      lines.push_back(fmt::format(
          R"({{"kind":"{}","seed":{},"traffic":{},"targets":{},"scrape":{},"lag":{},"failing":{},"clumping":"{}",)"
          R"("series":"{}","level":{},"roll_back":{},"begins":{},"deadline":{},"rolled_back":{{{}}}}})",
          to_string(plan.kind), plan.seed, plan.traffic, plan.targets, in_seconds(plan.scrape), in_seconds(plan.lag),
          plan.failing, to_string(plan.clumping), to_string(plan.turnover), plan.level, plan.roll_back,
          in_seconds(plan.begins), in_seconds(plan.deadline), fmt::join(verdicts, ",")));
    }
  };
  for (const auto* trials :
       {&held.mixed, &held.unchanged, &held.sixty_percent_of_five_a_minute, &held.three_percent_at_ten_a_second})
    add(*trials);
  return fmt::format("[{}]\n", fmt::join(lines, ",\n"));
}

}  // namespace guard::decisions
