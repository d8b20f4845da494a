// SPDX-License-Identifier: Apache-2.0
//
// One round on its way: which of its questions are still to be asked, which are out, and what has come back. It ends
// when all is answered that was asked, or when its time is over; then it has an answer to every question, be it that
// there is none. What comes later is not listened to. A value; loop thread only.
#pragma once

#include "guard/core/round.hpp"
#include "guard/engine/runtime.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace guard::engine {

// How long the questions of each rule took the last time: the quick ones are asked first, so that a rule that hangs
// takes no time from the others.
using Took = std::map<std::size_t, Duration>;

class OpenRound {
 public:
  // What is asked in one go, one after the other: a question about now, or all that only tell something together, about
  // the time before the release, the age of samples, or what was missed.
  using Batch = std::vector<core::Question>;
  struct Answer {
    std::vector<core::Answered> answers;  // as many as were asked in time
    Duration took{0};
  };

  OpenRound(core::Questions asked, RuntimePtr runtime, const Took& last);

  // Its time runs from the first question. Answers are to be in at `deadline`; after `closes_at` none counts.
  void start(Instant now, Duration timeout);
  bool started() const { return started_; }
  MonoTime deadline() const { return deadline_; }
  MonoTime closes_at() const { return closes_at_; }

  std::size_t waiting_now() const { return now_.size(); }
  std::size_t waiting_past() const { return past_.size(); }
  // The next to ask; there must be one.
  Batch take_now();
  Batch take_past();
  // Keeps what came back. Of a question about the time before the release that could not be asked there is nothing to
  // keep: it is asked in the next round.
  void answered(const Batch& batch, Answer answer);
  // True once all about now is answered, and nothing about the past is out: what of it still waits is not waited for.
  bool complete() const { return now_.empty() && out_ == 0; }

  // Gives up what is unanswered. Called once.
  void close();
  bool closed() const { return closed_; }

  core::Answers answers;
  const RuntimePtr runtime;  // kept: a reload must not take a source away from under a question
  // After close().
  const Took& took() const { return took_; }
  bool slow() const { return slow_; }

 private:
  Batch take(std::deque<Batch>& from);

  std::deque<Batch> now_;
  std::deque<Batch> past_;
  std::vector<core::Question> unanswered_;  // out, or given up
  std::size_t out_ = 0;
  MonoTime began_{};
  MonoTime deadline_{};
  MonoTime closes_at_{};
  bool started_ = false;
  bool closed_ = false;
  bool slow_ = false;
  Took took_;
};

using OpenRoundPtr = std::shared_ptr<OpenRound>;

}  // namespace guard::engine
