// SPDX-License-Identifier: Apache-2.0
//
// The last part of a hook's output: whatever it prints costs bounded memory. One owner.
#pragma once

#include <string>
#include <string_view>

namespace guard::hooks {

class OutputTail {
 public:
  explicit OutputTail(std::size_t cap) : cap_(cap) {}
  void add(std::string_view text);
  // The tail as UTF-8, with a first line that says how much was cut, if any was.
  std::string text() const;

 private:
  std::size_t cap_;
  std::size_t total_ = 0;
  std::string kept_;
};

// `text` with every byte that is no UTF-8 replaced by '?'.
std::string as_utf8(std::string_view text);

}  // namespace guard::hooks
