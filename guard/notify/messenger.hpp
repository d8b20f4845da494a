// SPDX-License-Identifier: Apache-2.0
//
// Tells receivers (channels of chats, programs) what the guard has to say, each alert once: that a message is about to
// be sent is stored before it is, and that it arrived after. Where a guard dies in between, or no answer comes, it is
// sent once more and says so: of a rollback at night people had better hear twice than never. A journal that cannot be
// written keeps nobody from being told of it. Each receiver has one message under way, by itself; one that fails is
// tried again for as long as there is something to tell. Loop thread only; messages are sent on a lane of their own.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/log.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/telemetry.hpp"
#include "guard/notify/tellings.hpp"
#include "guard/receivers/receiver.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace guard::notify {

class Messenger {
 public:
  struct Parts {
    engine::Executor& executor;
    engine::Telemetry& telemetry;
    const Clock& clock;
    Random& random;
    const Log& log;
    std::function<std::vector<alerts::OwnAlert>()> firing;  // what should be known now, the most pressing first
    // Stores it, and says whether it is durable; that may take for ever, or no time at all.
    std::function<void(alerts::ToldAlert, std::function<void(bool)>)> keep;
    std::function<void()> wake;  // asks for a tick() soon
  };
  explicit Messenger(Parts parts) : parts_(std::move(parts)) {}

  // What the journal held at start; before set_receivers().
  void restore(std::vector<alerts::ToldAlert> told) { restored_ = std::move(told); }

  // Who is told from now on. One that was told before, by its name, goes on where it stood; of one that is gone nothing
  // is kept.
  void set_receivers(const std::vector<receivers::ReceiverPtr>& receivers);

  // Looks if it is time to, and begins what is due; when the next thing is due.
  MonoTime tick();

  // No new messages from here on.
  void stop() { stopping_ = true; }
  // True while something is under way whose outcome would be lost with this process.
  bool is_telling() const;

  // Who has not taken what it should know, in words.
  std::vector<std::string> troubles() const;

 private:
  // A message under way.
  struct Letter {
    receivers::Message message;
    MonoTime send_by{};  // also where its intent is not stored by then
    bool sent = false;
  };
  using LetterPtr = std::shared_ptr<Letter>;
  struct Outbox {
    receivers::ReceiverPtr receiver;
    KnownAlerts known;
    LetterPtr letter;
    MonoTime due{};         // when it is to be seen whether there is something to tell
    MonoTime rest_until{};  // nothing is sent before
    int failures = 0;       // in a row
    std::optional<WallTime> failing_since;
  };
  using OutboxPtr = std::shared_ptr<Outbox>;
  using Key = std::pair<std::string, model::Labels>;

  OutboxPtr outbox_of(const receivers::ReceiverPtr& receiver);
  void look(Instant now);
  MonoTime advance(const OutboxPtr& outbox, Instant now);
  void begin(const OutboxPtr& outbox, Telling telling, Instant now);
  void send(const OutboxPtr& outbox, const LetterPtr& letter);
  void delivered(const OutboxPtr& outbox, const LetterPtr& letter, const std::optional<receivers::Failure>& failure);
  void arrived(const OutboxPtr& outbox, const receivers::Message& message, Instant now);
  static void end_outage(Outbox& outbox);
  void failed(Outbox& outbox, const receivers::Message& message, const receivers::Failure& failure, Instant now);
  void forget(Outbox& outbox, const model::Labels& labels, Instant now);
  void save(const alerts::ToldAlert& told, const std::function<void()>& then = [] {});
  MonoTime save_again(Instant now);

  Parts parts_;
  std::vector<alerts::ToldAlert> restored_;
  std::vector<OutboxPtr> outboxes_;
  std::vector<alerts::OwnAlert> firing_;
  std::map<Key, alerts::ToldAlert> unsaved_;  // the newest of what is not known to be durable
  MonoTime save_again_at_{};
  MonoTime look_at_{};
  bool stopping_ = false;
};

}  // namespace guard::notify
