// SPDX-License-Identifier: Apache-2.0
//
// The seam to the deployment's rollback entry. A call blocks its own thread until the hook's deadline at most; one
// Hook may be called from several threads for different services. The caller has journaled `calling` before.
#pragma once

#include "guard/base/error.hpp"
#include "guard/model/decision.hpp"
#include "guard/model/retry_policy.hpp"
#include "guard/promql/text_template.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace guard::hooks {

// One attempt. `key` is the same for every attempt of one decision; only `attempt` tells them apart.
struct HookCall {
  std::string key;
  int attempt = 1;
  std::string release;
  int decision = 1;
  model::DecisionKind purpose = model::DecisionKind::rollback;  // or `call`, for a rule
  promql::Subject subject;  // version: the bad one; previous_version: what to go back to
  std::string slo;
  std::string reason;
  std::string trigger;
  WallTime decided_at{};
  bool may_have_acted = false;     // an earlier attempt of this decision may have done it already
  std::int64_t fencing_epoch = 1;  // with one guard always 1; a hook may refuse a lower one than it has seen
};

struct HookResult {
  model::AttemptResult result = model::AttemptResult::unknown;
  std::string detail;                   // "exit 0", "HTTP 503", "killed after 10m"
  std::string output;                   // the last part, capped, always UTF-8
  std::optional<Duration> retry_after;  // what the other side asked for
  Duration took{0};
  bool may_still_run = false;  // with `unknown`: another attempt might run beside this one, so none is made
};

class Hook {
 public:
  virtual ~Hook() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view kind() const = 0;  // "command", "http"
  virtual const model::RetryPolicy& retry() const = 0;
  // True if a call goes on, and its outcome is kept, where the guard ends meanwhile.
  virtual bool outlives_guard() const { return false; }
  // Fails, with words for the operator, if the hook could not be called for this release (a value that cannot be an
  // argument). Asked when a release is announced, so that a hook that cannot work is known before it is needed.
  virtual Result<void> rehearse(const HookCall& call) const = 0;
  // Rehearses it without effect, as far as the hook declares how; else looks whether the other side is there. Blocks
  // until `deadline` at most. What was seen, in words; fails with words for the operator where a call would fail.
  virtual Result<std::string> try_out(const HookCall& call, Duration deadline) = 0;
  // Does it. Never throws; whatever cannot be told is `unknown`.
  virtual HookResult call(const HookCall& call) = 0;
  // For an attempt that an earlier guard process began: waits for it where it still runs, and tells its result;
  // `unknown` where nothing can be told; nothing if it provably never started (then it may be called).
  virtual std::optional<HookResult> recover(const HookCall& call) = 0;
};

using HookPtr = std::shared_ptr<Hook>;

}  // namespace guard::hooks
