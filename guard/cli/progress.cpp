// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/progress.hpp"

#include "guard/base/time_text.hpp"
#include "guard/cli/text_table.hpp"

#include <fmt/format.h>

namespace guard::cli {
namespace {

// Pipelines end jobs that stay silent for long (Travis CI after ten minutes, for example).
constexpr Duration longest_silence = std::chrono::minutes(1);
constexpr std::string_view clear_line = "\r\x1b[K";
constexpr std::size_t bar_width = 16;

std::string bar(std::size_t done, std::size_t all) {
  const auto filled = bar_width * done / all;
  return filled == bar_width ? std::string(bar_width, '=')
                             : fmt::format("{:<{}}", std::string(filled, '=') + '>', bar_width);
}

}  // namespace

void Progress::show(const std::string& line, const std::string& key) {
  const auto now = context_->clock->now();
  const auto text = fmt::format("{} {}", time_text(now.wall), line);
  if (context_->live_line) {
    *context_->err << clear_line << fit(text, context_->columns - 1) << std::flush;
    drawn_ = true;
    return;
  }
  if (key == key_ && printed_at_ && now.mono - *printed_at_ < longest_silence) return;
  *context_->err << text << std::endl;
  key_ = key;
  printed_at_ = now.mono;
}

void Progress::show_done(std::size_t done, std::size_t all, const std::string& what) {
  const auto now = context_->clock->now().mono;
  if (done == 0 || what != counted_) counted_from_ = now;
  counted_ = what;
  std::string left;
  if (done > 0) {
    const auto each = (now - counted_from_) / static_cast<std::int64_t>(done);
    left = fmt::format(", about {} left", short_duration(each * static_cast<std::int64_t>(all - done)));
  }
  show(fmt::format("[{}] {} of {} releases{} ({})", bar(done, all), done, all, left, what), what);
}

void Progress::say(const std::string& line) {
  clear();
  *context_->err << line << std::endl;
}

void Progress::clear() {
  if (drawn_) *context_->err << clear_line << std::flush;
  drawn_ = false;
}

}  // namespace guard::cli
