// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/messenger.hpp"

#include "guard/base/digest.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::notify {
namespace {

using alerts::ToldAlert;
using alerts::ToldState;
using receivers::Failure;

// As Notifier looks: not at each wake-up, and for a twentieth of the loop's time at most.
constexpr Duration see_every = std::chrono::seconds(1);
constexpr int rest_after_seeing = 20;
// A disk that works takes an intent long before.
constexpr Duration longest_intent = std::chrono::seconds(5);
constexpr Duration save_again_every = std::chrono::seconds(10);
// Chats take about a message a second.
constexpr Duration between_messages = std::chrono::seconds(1);
constexpr Duration first_pause = std::chrono::seconds(1);
constexpr Duration longest_pause = std::chrono::minutes(1);
// A guard that was just started has not read everything again, and may not know yet what still fires.
constexpr Duration after_start = std::chrono::minutes(1);
// Longer than any of these services asks to be left alone; who asks for a day is asked again sooner.
constexpr Duration longest_rest = std::chrono::minutes(10);
// What may have been read already is not told each minute while nobody answers: once more soon, then ever less often.
// Who must act is not left waiting for much longer than the outage.
constexpr Duration first_doubt = std::chrono::minutes(2);
constexpr Duration longest_doubt = std::chrono::minutes(10);
// Somebody may have put right what was wrong.
constexpr Duration after_refusal = std::chrono::minutes(5);

std::string key_of(const ToldAlert& told) {
  std::string text =
      fmt::format("{}\n{}\n{}", told.receiver, to_string(told.state), told.at.time_since_epoch().count());
  for (const auto& [name, value] : told.alert.labels) text += fmt::format("\n{}={}", name, value);
  return digest(text);
}

}  // namespace

Messenger::OutboxPtr Messenger::outbox_of(const receivers::ReceiverPtr& receiver) {
  const auto& name = receiver->settings().name;
  const auto old =
      std::ranges::find(outboxes_, name, [](const auto& outbox) { return outbox->receiver->settings().name; });
  auto outbox = old == outboxes_.end() ? std::make_shared<Outbox>() : *old;
  outbox->receiver = receiver;
  // What was wrong with its address may be right now.
  outbox->rest_until = MonoTime{};
  for (auto& [labels, known] : outbox->known) known.not_before = MonoTime{};
  const auto ends_from = parts_.clock.now().mono + after_start;
  for (const auto& told : restored_)
    if (told.receiver == name)
      outbox->known[told.alert.labels] = {
          .told = told, .may_have_arrived = true, .not_before = told.state == ToldState::sent ? ends_from : MonoTime{}};
  std::erase_if(restored_, [&](const auto& told) { return told.receiver == name; });
  return outbox;
}

void Messenger::set_receivers(const std::vector<receivers::ReceiverPtr>& receivers) {
  const auto now = parts_.clock.now();
  std::vector<OutboxPtr> outboxes;
  std::vector<std::string> names;
  for (const auto& receiver : receivers) {
    outboxes.push_back(outbox_of(receiver));
    names.push_back(receiver->settings().name);
  }
  const auto gone = std::exchange(outboxes_, std::move(outboxes));
  for (const auto& outbox : gone)
    if (std::ranges::find(outboxes_, outbox) == outboxes_.end())
      for (const auto& [labels, known] : KnownAlerts(outbox->known)) forget(*outbox, labels, now);
  for (auto& told : std::exchange(restored_, {})) {
    told.state = ToldState::ended;
    save(told);
  }
  look_at_ = MonoTime{};
  parts_.telemetry.receivers(names);
}

bool Messenger::is_telling() const {
  return !unsaved_.empty() ||
         std::ranges::any_of(outboxes_, [](const auto& outbox) { return outbox->letter != nullptr; });
}

std::vector<std::string> Messenger::troubles() const {
  std::vector<std::string> out;
  for (const auto& outbox : outboxes_)
    if (outbox->failing_since)
      out.push_back(fmt::format("receiver \"{}\" has taken no message since {}; the log says why",
                                outbox->receiver->settings().name, time_text(*outbox->failing_since)));
  return out;
}

MonoTime Messenger::tick() {
  if (stopping_ || (outboxes_.empty() && unsaved_.empty())) return MonoTime::max();
  const auto now = parts_.clock.now();
  auto next = save_again(now);
  if (outboxes_.empty()) return next;
  if (now.mono >= look_at_)
    look(now);
  else
    next = std::min(next, look_at_);
  for (const auto& outbox : outboxes_) next = std::min(next, advance(outbox, now));
  return next;
}

void Messenger::look(Instant now) {
  firing_ = parts_.firing();
  for (const auto& outbox : outboxes_) outbox->due = MonoTime{};
  look_at_ = now.mono + std::max(see_every, Duration(rest_after_seeing * (parts_.clock.now().mono - now.mono)));
}

MonoTime Messenger::advance(const OutboxPtr& outbox, Instant now) {
  if (const auto letter = outbox->letter) {
    if (!letter->sent && now.mono >= letter->send_by) send(outbox, letter);
    return letter->sent ? MonoTime::max() : letter->send_by;
  }
  const auto ready = std::max(outbox->due, outbox->rest_until);
  if (now.mono < ready) return ready;
  auto plan = plan_of(outbox->known, firing_, outbox->receiver->settings(), now);
  for (const auto& labels : plan.forget) forget(*outbox, labels, now);
  outbox->due = plan.again;
  if (!plan.next) return plan.again;
  begin(outbox, std::move(*plan.next), now);
  return now.mono + longest_intent;
}

void Messenger::begin(const OutboxPtr& outbox, Telling telling, Instant now) {
  const auto [it, fresh] = outbox->known.try_emplace(telling.alert.labels);
  auto& known = it->second;
  const auto state = telling.over ? ToldState::sending_end : ToldState::sending;
  const bool is_stored = !fresh && known.told.state == state;
  const bool was_told = !fresh && known.told.state != ToldState::ended;
  if (!is_stored)
    known = {.told = {outbox->receiver->settings().name, telling.alert, state, now.wall}, .told_earlier = was_told};
  known.told.alert = telling.alert;
  outbox->letter = std::make_shared<Letter>(
      Letter{{std::move(telling.alert), telling.over, now.wall, key_of(known.told), telling.told_before},
             now.mono + longest_intent});
  const auto letter = outbox->letter;
  if (is_stored) return send(outbox, letter);
  save(known.told, [this, outbox, letter] { send(outbox, letter); });
}

void Messenger::send(const OutboxPtr& outbox, const LetterPtr& letter) {
  if (std::exchange(letter->sent, true)) return;
  const auto work = [receiver = outbox->receiver, message = letter->message] { return receiver->deliver(message); };
  engine::run_blocking(parts_.executor, engine::Lane::message, work,
                       [this, outbox, letter, asked = outbox->receiver](std::optional<Failure> failure) {
                         // What is wrong with the address that a reload replaced may be right with the new one.
                         if (failure && asked != outbox->receiver) failure->refused = false;
                         delivered(outbox, letter, failure);
                       });
}

void Messenger::delivered(const OutboxPtr& outbox, const LetterPtr& letter, const std::optional<Failure>& failure) {
  const auto now = parts_.clock.now();
  outbox->letter.reset();
  outbox->due = MonoTime{};
  if (std::ranges::find(outboxes_, outbox) == outboxes_.end()) return;  // a reload has taken it away
  parts_.telemetry.notified(outbox->receiver->settings().name, failure ? std::optional(failure->reason) : std::nullopt);
  if (failure)
    failed(*outbox, letter->message, *failure, now);
  else
    arrived(outbox, letter->message, now);
  parts_.wake();
}

void Messenger::arrived(const OutboxPtr& outbox, const receivers::Message& message, Instant now) {
  if (outbox->failing_since)
    parts_.log.info("messenger", "messages are taken again", {{"receiver", outbox->receiver->settings().name}});
  outbox->failing_since.reset();
  outbox->failures = 0;
  outbox->rest_until = now.mono + between_messages;
  end_outage(*outbox);
  auto& known = outbox->known.at(message.alert.labels);
  const auto state = message.over ? ToldState::ended : ToldState::sent;
  known = {.told = {outbox->receiver->settings().name, message.alert, state, now.wall}};
  save(known.told);
}

// Whatever it did not take while it was away may be tried now, the most pressing first.
void Messenger::end_outage(Outbox& outbox) {
  for (auto& [labels, known] : outbox.known) {
    if (known.failures == 0 || known.refused) continue;
    known.behind = 0;
    known.not_before = MonoTime{};
  }
}

void Messenger::failed(Outbox& outbox, const receivers::Message& message, const Failure& failure, Instant now) {
  const auto& name = outbox.receiver->settings().name;
  if (!outbox.failing_since)
    parts_.log.warn("messenger", "a message was not taken; it is sent again for as long as it is news",
                    {{"receiver", name}, {"alert", message.alert.labels.at("alertname")}, {"err", failure.words}});
  if (!outbox.failing_since) outbox.failing_since = now.wall;
  auto& known = outbox.known.at(message.alert.labels);
  ++known.failures;
  ++known.behind;
  known.refused = failure.refused;
  known.may_have_arrived = known.may_have_arrived || failure.may_have_arrived;
  if (failure.refused) {
    known.not_before = now.mono + after_refusal;
    outbox.rest_until = now.mono + between_messages;
    return;
  }
  if (failure.may_have_arrived && known.failures > 1)
    known.not_before = now.mono + backoff(known.failures, first_doubt, longest_doubt, 1);
  const auto pause = backoff(++outbox.failures + 1, first_pause, longest_pause, parts_.random.uniform());
  outbox.rest_until = now.mono + std::max(pause, std::min(longest_rest, failure.after.value_or(Duration{0})));
}

void Messenger::forget(Outbox& outbox, const model::Labels& labels, Instant now) {
  const auto it = outbox.known.find(labels);
  auto told = std::move(it->second.told);
  outbox.known.erase(it);
  told.state = ToldState::ended;
  told.at = now.wall;
  save(told);
}

void Messenger::save(const ToldAlert& told, const std::function<void()>& then) {
  const Key key{told.receiver, told.alert.labels};
  unsaved_[key] = told;
  parts_.keep(told, [this, key, told, then](bool durable) {
    const auto newest = unsaved_.find(key);
    if (durable && newest != unsaved_.end() && newest->second == told) unsaved_.erase(newest);
    then();
  });
}

// What waits for a commit is unsaved too; it is given time.
MonoTime Messenger::save_again(Instant now) {
  if (unsaved_.empty()) {
    save_again_at_ = now.mono + save_again_every;
    return MonoTime::max();
  }
  if (now.mono < save_again_at_) return save_again_at_;
  save_again_at_ = now.mono + save_again_every;
  for (const auto& [key, told] : std::map<Key, ToldAlert>(unsaved_)) save(told);
  return save_again_at_;
}

}  // namespace guard::notify
