// SPDX-License-Identifier: Apache-2.0
#include "guard/base/log.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard {
namespace {

bool needs_quotes(std::string_view value) {
  return value.empty() || !is_printable(value) || value.find_first_of(" \"=\\") != std::string_view::npos;
}

// JSON's string escaping is also what logfmt readers (go-logfmt) expect inside quotes.
std::string quoted(std::string_view value) {
  return json::serialize(json::value(is_utf8(value) ? printable(value, Lines::many) : "<not UTF-8>"));
}

void append(std::string& line, LogFormat format, std::string_view key, std::string_view value) {
  if (format == LogFormat::json) {
    line += fmt::format("{}\"{}\":{}", line.empty() ? "{" : ",", key, quoted(value));
  } else {
    line += fmt::format("{}{}={}", line.empty() ? "" : " ", key,
                        needs_quotes(value) || !is_utf8(value) ? quoted(value) : std::string(value));
  }
}

}  // namespace

Log::Log(const Clock& clock, LogLevel level, LogFormat format, Sink sink)
    : clock_(&clock), level_(level), format_(format), sink_(std::move(sink)) {}

void Log::write(LogLevel level, std::string_view component, std::string_view message,
                std::initializer_list<LogField> fields) const {
  if (level >= level_) sink_(line(level, component, message, fields));
}

std::string Log::line(LogLevel level, std::string_view component, std::string_view message,
                      std::initializer_list<LogField> fields) const {
  std::string line;
  append(line, format_, "ts", format_time(clock_->now().wall));
  append(line, format_, "level", to_string(level));
  append(line, format_, "component", component);
  append(line, format_, "msg", message);
  for (const auto& [key, value] : fields) append(line, format_, key, value);
  line += format_ == LogFormat::json ? "}\n" : "\n";
  return line;
}

}  // namespace guard
