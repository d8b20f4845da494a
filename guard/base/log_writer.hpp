// SPDX-License-Identifier: Apache-2.0
//
// Lines to a file descriptor by a thread of its own: whoever reads them may be slow or stand still, and whoever writes
// them never waits. What does not fit meanwhile is counted, and said as soon as there is room. Safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace guard {

class LogWriter {
 public:
  // The line that tells of `lost` lines.
  using Tell = std::function<std::string(std::uint64_t lost)>;

  // Keeps at most `capacity` bytes that are not written yet. The descriptor stays open for as long as the process
  // lives: the thread may still stand in a write when this is destroyed.
  LogWriter(int descriptor, std::size_t capacity);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Takes a whole line, or counts it as lost. Never blocks.
  void write(std::string_view line);
  // To be called before the first line; `tell` is called on the writer's thread.
  void tell_of_losses(Tell tell);
  // Lines that were lost so far.
  std::uint64_t lost() const;
  // Waits until everything is written, but not for longer than `timeout`; true if it is.
  bool flush(Duration timeout);

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_;
};

}  // namespace guard
