// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/output_tail.hpp"

#include "guard/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::hooks {

void OutputTail::add(std::string_view text) {
  total_ += text.size();
  kept_.append(text.substr(text.size() - std::min(text.size(), cap_)));
  // Cut in large steps, so that a byte added is a byte copied on average.
  if (kept_.size() > 2 * cap_) kept_.erase(0, kept_.size() - cap_);
}

std::string OutputTail::text() const {
  const auto tail = std::string_view(kept_).substr(kept_.size() - std::min(kept_.size(), cap_));
  const auto cut = total_ - tail.size();
  return (cut > 0 ? fmt::format("[{} bytes before this are left out]\n", cut) : "") + as_utf8(tail);
}

std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t length = std::min<std::size_t>(4, text.size());
    while (length > 0 && !is_utf8(text.substr(0, length))) --length;
    out += length == 0 ? std::string("?") : std::string(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

}  // namespace guard::hooks
