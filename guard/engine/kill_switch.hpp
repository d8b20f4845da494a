// SPDX-License-Identifier: Apache-2.0
//
// The kill switch: while its file exists nothing is rolled back automatically. The file is looked for on a lane of its
// own, as it may lie on a mount that hangs; a brake that cannot be looked at is on. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/executor.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace guard::engine {

class KillSwitch {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    std::function<void()> wake;  // called when it is found on or off, and was not before
  };
  explicit KillSwitch(Parts parts) : parts_(std::move(parts)) {}

  // From now on this file counts; nothing: there is no switch. Blocks for one look where `at_once`.
  void look_for(std::optional<std::filesystem::path> file, bool at_once);

  // As it was last seen. On until it was seen, and while a look at it takes longer than any file system that works.
  bool is_on() const;

  // Calls `then` once the switch was seen as it is from now on, so that no decision rests on an older look. Where a
  // look hangs it is called too: the switch is on then.
  void when_seen(std::function<void()> then);

  // Looks again where that is due; the next moment to do so.
  MonoTime tick();

 private:
  bool hangs() const;
  void look();
  void seen(const std::filesystem::path& file, bool on);

  Parts parts_;
  std::optional<std::filesystem::path> file_;
  std::optional<bool> on_;  // nothing: not seen yet
  std::optional<MonoTime> looking_since_;
  MonoTime due_{};
  std::vector<std::function<void()>> waiting_;  // for the next look
  std::vector<std::function<void()>> served_;   // by the look that runs
};

}  // namespace guard::engine
