// SPDX-License-Identifier: Apache-2.0
//
// Structured lines, in logfmt or JSON, with Prometheus' keys (ts, level, component, msg, err).
// Values are escaped, so that no input can forge a line. Safe from any thread where the sink is.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/enum_names.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace guard {

enum class LogLevel { debug, info, warn, error };
enum class LogFormat { logfmt, json };

template <>
struct EnumNames<LogLevel> {
  static constexpr std::array table{
      EnumName<LogLevel>{LogLevel::debug, "debug"}, EnumName<LogLevel>{LogLevel::info, "info"},
      EnumName<LogLevel>{LogLevel::warn, "warn"}, EnumName<LogLevel>{LogLevel::error, "error"}};
};

template <>
struct EnumNames<LogFormat> {
  static constexpr std::array table{EnumName<LogFormat>{LogFormat::logfmt, "logfmt"},
                                    EnumName<LogFormat>{LogFormat::json, "json"}};
};

using LogField = std::pair<std::string_view, std::string>;

class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;  // gets whole lines, each with its newline

  Log(const Clock& clock, LogLevel level, LogFormat format, Sink sink);

  // Writes one line if `level` is at or over the configured one.
  void write(LogLevel level, std::string_view component, std::string_view message,
             std::initializer_list<LogField> fields = {}) const;
  // The line that write() gives to the sink, whatever its level.
  std::string line(LogLevel level, std::string_view component, std::string_view message,
                   std::initializer_list<LogField> fields = {}) const;

  void debug(std::string_view component, std::string_view message, std::initializer_list<LogField> f = {}) const {
    write(LogLevel::debug, component, message, f);
  }
  void info(std::string_view component, std::string_view message, std::initializer_list<LogField> f = {}) const {
    write(LogLevel::info, component, message, f);
  }
  void warn(std::string_view component, std::string_view message, std::initializer_list<LogField> f = {}) const {
    write(LogLevel::warn, component, message, f);
  }
  void error(std::string_view component, std::string_view message, std::initializer_list<LogField> f = {}) const {
    write(LogLevel::error, component, message, f);
  }

 private:
  const Clock* clock_;
  LogLevel level_;
  LogFormat format_;
  Sink sink_;
};

}  // namespace guard
