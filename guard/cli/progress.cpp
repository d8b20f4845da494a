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

void Progress::say(const std::string& line) {
  clear();
  *context_->err << line << std::endl;
}

void Progress::clear() {
  if (drawn_) *context_->err << clear_line << std::flush;
  drawn_ = false;
}

}  // namespace guard::cli
