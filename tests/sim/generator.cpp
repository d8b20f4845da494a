// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/generator.hpp"

#include "tests/sim/course.hpp"
#include "tests/sim/random.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace guard::sim {
namespace {

using namespace std::chrono_literals;

// From so long before live on each second is told by itself; before that each scrape's interval is one.
constexpr Duration told_by_seconds = 15min;
// Of clumped failures: how much two requests of one second are alike (intraclass correlation of the beta-binomial).
constexpr double alike = 0.2;
// A Monday; stories go live at any moment of the week after it.
constexpr WallTime first_monday{std::chrono::sys_days{std::chrono::January / 5 / 2026}};

// One process and the series it exports.
class Exporter {
 public:
  Exporter(const std::string& job, const std::string& instance, bool newborn)
      : newborn_(newborn),
        ok_(requests(job, instance, "200")),
        failed_(requests(job, instance, "500")),
        half_(bucket(job, instance, "0.5")),
        one_(bucket(job, instance, "1")),
        more_(bucket(job, instance, "2.5")),
        all_(bucket(job, instance, "+Inf")),
        count_({{"__name__", "http_request_duration_seconds_count"}, {"instance", instance}, {"job", job}}),
        up_({{"__name__", "up"}, {"instance", instance}, {"job", job}}) {}

  void serve(std::int64_t requests, std::int64_t failed, std::int64_t slow) {
    served_ += requests;
    bad_ += failed;
    late_ += slow;
  }
  void restart() { served_ = bad_ = late_ = 0; }

  void scrape(WallTime at) {
    up_.add(at, 1);
    const auto add = [at](Series& series, std::int64_t value) { series.add(at, static_cast<double>(value)); };
    add(ok_, served_ - bad_);
    if (!newborn_ || bad_ > 0) add(failed_, bad_);
    add(half_, served_ - late_);
    add(one_, served_ - late_);
    for (auto* series : {&more_, &all_, &count_}) add(*series, served_);
    scraped_ = true;
  }
  // Its metrics end with the first scrape that fails.
  void fail_scrape(WallTime at) {
    up_.add(at, 0);
    if (scraped_) end_metrics(at);
    scraped_ = false;
  }
  void leave(WallTime at) {
    end_metrics(at);
    up_.end(at);
  }
  void hand_over(std::vector<Series>& out) {
    for (auto* series : {&ok_, &failed_, &half_, &one_, &more_, &all_, &count_, &up_})
      if (!series->at().empty()) out.push_back(std::move(*series));
  }

 private:
  static Series requests(const std::string& job, const std::string& instance, const std::string& status) {
    return Series({{"__name__", "http_requests_total"}, {"instance", instance}, {"job", job}, {"status", status}});
  }
  static Series bucket(const std::string& job, const std::string& instance, const std::string& le) {
    return Series(
        {{"__name__", "http_request_duration_seconds_bucket"}, {"instance", instance}, {"job", job}, {"le", le}});
  }
  void end_metrics(WallTime at) {
    for (auto* series : {&ok_, &failed_, &half_, &one_, &more_, &all_, &count_}) series->end(at);
  }

  bool newborn_;
  bool scraped_ = false;
  std::int64_t served_ = 0;
  std::int64_t bad_ = 0;
  std::int64_t late_ = 0;
  Series ok_, failed_, half_, one_, more_, all_, count_, up_;
};

// One target of the shop over the whole story. It draws from a generator of its own, so that what one target does
// changes nothing of another.
class Target {
 public:
  Target(const Plan& plan, const Course& course, int number, WallTime live)
      : plan_(plan),
        course_(course),
        number_(number),
        live_(live),
        random_(plan.seed * 64 + 7 + std::uint64_t(number)) {
    phase_ = Duration(static_cast<Duration::rep>(random_.uniform() * static_cast<double>(plan.scrape.count())));
    for (int i = 0; i < plan.restarts; ++i)
      if (random_.below(plan.targets) == 0)
        restarts_.push_back(Duration(static_cast<Duration::rep>(random_.uniform() * double(window.count()))));
  }

  void run(std::vector<Series>& out) {
    auto exporter = start("");
    bool switched = plan_.turnover == Turnover::kept;
    tell_week_before(exporter);
    for (auto now = -history + phase_; now < window;) {
      if (!switched && now >= Duration{0}) {
        switched = true;
        if (plan_.turnover == Turnover::replaced) {
          exporter.leave(live_ + now);
          exporter.hand_over(out);
          exporter = start("-new");
        }
        exporter.restart();
      }
      if (due(now)) scrape(exporter, now);
      const auto step = now < -told_by_seconds ? plan_.scrape : Duration(1s);
      serve(exporter, now, step);
      now += step;
    }
    exporter.hand_over(out);
  }

 private:
  // Nothing but traffic is told of it. What was between is not, and the process has been restarted since.
  void tell_week_before(Exporter& exporter) {
    Random random(plan_.seed * 64 + 32 + std::uint64_t(number_));
    const auto seconds = std::chrono::duration<double>(plan_.scrape).count();
    for (auto now = -a_week - week_history + phase_; now < -a_week + window; now += plan_.scrape) {
      if (!random.chance(plan_.missing)) exporter.scrape(live_ + now);
      const auto requests = random.poisson(course_.rate(now + plan_.scrape / 2) / plan_.targets * seconds);
      exporter.serve(requests, 0, 0);
    }
    exporter.restart();
  }
  Exporter start(const char* suffix) const {
    return {"shop", fmt::format("shop-{}{}:8080", number_, suffix), plan_.newborn};
  }
  bool due(Duration now) const { return (now + history - phase_) % plan_.scrape == Duration{0}; }

  void scrape(Exporter& exporter, Duration now) {
    const bool hole = plan_.hole_for > Duration{0} && now >= plan_.hole_at && now < plan_.hole_at + plan_.hole_for;
    if (random_.chance(plan_.missing) || hole) return;
    if (course_.alive(number_, now))
      exporter.scrape(live_ + now);
    else
      exporter.fail_scrape(live_ + now);
  }

  // What comes in [now, now + step), by the truth of its middle.
  void serve(Exporter& exporter, Duration now, Duration step) {
    const auto middle = now + step / 2;
    if (!course_.alive(number_, middle)) return;
    for (const auto restart : restarts_)
      if (restart >= now && restart < now + step) exporter.restart();
    const auto mean =
        course_.rate(middle) / course_.alive_targets(middle) * std::chrono::duration<double>(step).count();
    const auto requests = random_.poisson(mean);
    if (requests == 0) return;
    exporter.serve(requests, failures(requests, course_.failing(middle)),
                   random_.binomial(requests, course_.slow(middle)));
  }

  std::int64_t failures(std::int64_t requests, double share) {
    if (plan_.clumping == Clumping::clumped && share > 0 && share < 1) {
      const auto spread = (1 - alike) / alike;
      share = random_.beta(share * spread, (1 - share) * spread);
    }
    return random_.binomial(requests, share);
  }

  const Plan& plan_;
  const Course& course_;
  int number_;
  WallTime live_;
  Random random_;
  Duration phase_{0};
  std::vector<Duration> restarts_;
};

// Another service, steady, whose requests fail while the story's incident lasts.
void tell_neighbour(const Plan& plan, const Course& course, WallTime live, std::vector<Series>& out) {
  constexpr double traffic = 5;
  Random random(plan.seed * 64 + 63);
  Exporter exporter("shop-neighbour", "neighbour-0:8080", false);
  for (auto now = -history; now < window; now += plan.scrape) {
    exporter.scrape(live + now);
    const auto requests = random.poisson(traffic * std::chrono::duration<double>(plan.scrape).count());
    exporter.serve(requests, random.binomial(requests, course.neighbour_failing(now + plan.scrape / 2)), 0);
  }
  exporter.hand_over(out);
}

}  // namespace

Story tell(const Plan& plan) {
  Random random(plan.seed * 64 + 62);
  const auto week = std::chrono::duration_cast<Duration>(std::chrono::weeks(1));
  Story story{plan, first_monday + Duration(static_cast<Duration::rep>(random.uniform() * double(week.count()))), {}};
  const Course course(story.plan, story.live, random);
  for (int number = 0; number < plan.targets; ++number)
    Target(story.plan, course, number, story.live).run(story.series);
  if (plan.neighbour) tell_neighbour(story.plan, course, story.live, story.series);
  return story;
}

}  // namespace guard::sim
