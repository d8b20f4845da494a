// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/release_wait.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/cli/progress.hpp"
#include "guard/cli/release_text.hpp"

#include <fmt/format.h>

namespace guard::cli {
namespace {

// What counts as news where no line can be drawn again: values and the time left change all the time.
std::string news(const client::ReleaseAnswer& release) {
  auto key = fmt::format("{} {}", release.phase, release.paused);
  for (const auto& rule : release.rules) key += " " + rule.verdict;
  return key;
}

class ShownWait final : public client::WaitObserver {
 public:
  explicit ShownWait(CommandContext& context) : context_(&context), progress_(context) {}

  void decided(const client::DecisionAnswer& decision) override {
    const auto at = decision.at == WallTime{} ? context_->clock->now().wall : decision.at;
    progress_.say(fmt::format("{} {}", time_text(at), decision_sentence(decision)));
  }
  void stands(const client::ReleaseAnswer& release) override {
    tell_need(release);
    progress_.show(progress_text(release, context_->clock->now().wall), news(release));
  }
  void is_away(Duration since, const Error& error) override {
    progress_.show(fmt::format("no answer for {}, asking on: {}", short_duration(since), error.message), error.message);
  }

 private:
  // Once, when it begins to need a person.
  void tell_need(const client::ReleaseAnswer& release) {
    const bool needed = release.needs_person.has_value();
    if (needed && !needs_person_) {
      const auto contacts = model::contacts_text(release.contacts);
      progress_.say(fmt::format("{} a person is needed: {}{}{}", time_text(context_->clock->now().wall),
                                *release.needs_person, contacts.empty() ? "" : "; whom to call: ", contacts));
    }
    needs_person_ = needed;
  }

  CommandContext* context_;
  Progress progress_;
  bool needs_person_ = false;
};

}  // namespace

Result<client::Ended> wait_for_end(const client::GuardApi& api, CommandContext& context,
                                   const client::WaitOptions& options) {
  const auto limit = options.timeout
                         ? fmt::format("at most {}", format_duration(*options.timeout))
                         : std::string("until its watch is over, however long the guard is away; --timeout limits it");
  *context.err << fmt::format("waiting for release {} to end: {}\n", options.release, limit) << std::flush;
  ShownWait shown(context);
  return client::wait_for_end(api, pace_of(context), options, shown);
}

}  // namespace guard::cli
