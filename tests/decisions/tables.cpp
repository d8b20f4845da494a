// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/tables.hpp"

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

bool every(const Plan&) {
  return true;
}

std::string row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string header(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

// One row with a cell for each judge.
std::string row_of(const std::string& what, const Names& judges, const std::function<std::string(std::size_t)>& cell) {
  std::vector<std::string> cells{what};
  for (std::size_t judge = 0; judge < judges.size(); ++judge) cells.push_back(cell(judge));
  return row(cells);
}

std::string header_of(const std::string& what, const Names& judges) {
  std::vector<std::string> cells{what};
  cells.insert(cells.end(), judges.begin(), judges.end());
  return header(cells);
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

std::string met(bool is, const std::string& what) {
  return (is ? "**yes**: " : "no: ") + what;
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

std::string figures(const Held& held, const Names& judges) {
  const auto failing = [](double least, double most) {
    return [=](const Plan& p) {
      return p.effect == sim::Effect::fails && p.begins == Duration{0} && p.traffic >= 2 && p.level >= least &&
             p.level <= most;
    };
  };
  const auto median = [](const Tally& of, Duration wanted) {
    const auto delay = at_share(of.delays, 0.5);
    return met(delay && *delay <= wanted, seconds(delay));
  };
  const auto within = [&](const Trials& trials, std::size_t judge, Duration wanted) {
    const auto of = tally(trials, judge, every);
    const auto found = static_cast<int>(std::ranges::upper_bound(of.delays, wanted) - of.delays.begin());
    return met(2 * found > of.found.all,
               fmt::format("{} of {}, median {}", found, of.found.all, seconds(at_share(of.delays, 0.5))));
  };
  auto out = header_of("figure", judges);
  out += row_of("5% or more failing at 2/s and above: all found in time", judges, [&](std::size_t judge) {
    const auto of = tally(held.mixed, judge, failing(0.05, 1));
    return met(of.in_time.of == of.in_time.all, text_of(of.in_time));
  });
  out += row_of("20% or more failing at 2/s and above: median at most 90 s", judges,
                [&](std::size_t judge) { return median(tally(held.mixed, judge, failing(0.2, 1)), 90s); });
  out += row_of("5% failing at 2/s and above: median at most 150 s", judges,
                [&](std::size_t judge) { return median(tally(held.mixed, judge, failing(0.05, 0.05)), 150s); });
  out += row_of("60% of 5 requests a minute failing: most within 2 minutes", judges,
                [&](std::size_t judge) { return within(held.sixty_percent_of_five_a_minute, judge, 2min); });
  out += row_of("3% failing at 10/s: most within 5 minutes", judges,
                [&](std::size_t judge) { return within(held.three_percent_at_ten_a_second, judge, 5min); });
  out += row_of("precision at least 99%", judges, [&](std::size_t judge) {
    const auto right = tally(held.mixed, judge, every).right;
    return met(100 * right.of >= 99 * right.all, text_of(right));
  });
  out += row_of(
      "false on unchanged services: at most 0.1%, bounded below 0.3% at every traffic", judges, [&](std::size_t judge) {
        double worst = 0;
        for (const auto& [traffic, name] : EnumNames<TrafficClass>::table)
          worst = std::max(
              worst,
              interval_of(tally(held.unchanged, judge,
                                [wanted = traffic](const Plan& p) { return sim::traffic_class(p.traffic) == wanted; })
                              .false_rollbacks)
                  .high);
        const auto all = tally(held.unchanged, judge, every).false_rollbacks;
        return met(1000 * all.of <= all.all && worst < 0.003,
                   fmt::format("{} of {}, worst bound {:.2f}%", all.of, all.all, 100 * worst));
      });
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
