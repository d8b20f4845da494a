// SPDX-License-Identifier: Apache-2.0
#include "guard/base/log_writer.hpp"

#include "guard/base/system_clock.hpp"

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace guard {
namespace {

constexpr Duration between_looks = std::chrono::milliseconds(5);

// False if the reader is gone. A descriptor that others made non-blocking is waited for here, too.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(descriptor, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

// Shared with the thread, which may outlive the writer.
struct LogWriter::Queue {
  Queue(int fd, std::size_t bytes) : descriptor(fd), capacity(bytes) {}

  // Adds a line if there is room for it.
  bool push(std::string_view line) {
    if (waiting + line.size() > capacity) return false;
    waiting += line.size();
    lines.emplace_back(line);
    return true;
  }

  // Until told to end; what is in the queue then is written first.
  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return ending || !lines.empty(); });
      if (lines.empty()) return;
      const auto line = std::move(lines.front());
      lines.pop_front();
      writing = true;
      lock.unlock();
      const bool written = write_all(descriptor, line);
      lock.lock();
      writing = false;
      waiting -= line.size();
      if (!written) ++lost;
      if (untold > 0 && tell && push(tell(untold))) untold = 0;
    }
  }

  const int descriptor;
  const std::size_t capacity;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> lines;
  std::size_t waiting = 0;   // bytes, with those of the line that is being written
  std::uint64_t lost = 0;    // in all
  std::uint64_t untold = 0;  // of them, for want of room, since the last line that told of it
  Tell tell;
  bool writing = false;
  bool ending = false;
};

LogWriter::LogWriter(int descriptor, std::size_t capacity) : queue_(std::make_shared<Queue>(descriptor, capacity)) {
  std::thread([queue = queue_] { queue->run(); }).detach();
}

LogWriter::~LogWriter() {
  const std::scoped_lock lock(queue_->mutex);
  queue_->ending = true;
  queue_->tell = nullptr;
  queue_->changed.notify_all();
}

void LogWriter::tell_of_losses(Tell tell) {
  const std::scoped_lock lock(queue_->mutex);
  queue_->tell = std::move(tell);
}

void LogWriter::write(std::string_view line) {
  const std::scoped_lock lock(queue_->mutex);
  // Lines that came after lost ones follow the line that tells of those.
  if (queue_->untold > 0 || !queue_->push(line)) {
    ++queue_->lost;
    ++queue_->untold;
    return;
  }
  queue_->changed.notify_all();
}

std::uint64_t LogWriter::lost() const {
  const std::scoped_lock lock(queue_->mutex);
  return queue_->lost;
}

bool LogWriter::flush(Duration timeout) {
  for (Duration waited{0};; waited += between_looks) {
    {
      const std::scoped_lock lock(queue_->mutex);
      if (queue_->lines.empty() && !queue_->writing) return true;
    }
    if (waited >= timeout) return false;
    let_pass(between_looks);
  }
}

}  // namespace guard
