// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/proposing.hpp"

#include <cctype>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::replay {
namespace {

std::string escaped(const std::string& value) {
  constexpr std::string_view plain = "-_/:";
  std::string out;
  for (const char c : value) {
    const bool later_byte =
        (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // of a character that has its dot already
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || plain.contains(c))
      out += c;
    else if (!later_byte)
      out += c == '.' ? "[.]" : ".";
  }
  return out;
}

}  // namespace

Result<std::vector<model::Sample>> Questions::ask(const std::string& expr) const {
  auto samples = metrics_.query({expr, wanted_.at, wanted_.deadline});
  if (!samples) return fail(ErrorCode::unavailable, samples.error().message);
  return std::move(*samples);
}

Result<std::map<std::string, double>> Questions::by_label(const std::string& expr, const std::string& label) const {
  const auto samples = ask(expr);
  if (!samples) return std::unexpected(samples.error());
  std::map<std::string, double> out;
  for (const auto& sample : *samples)
    if (const auto it = sample.labels.find(label); it != sample.labels.end()) out[it->second] += sample.value;
  return out;
}

std::optional<double> Questions::value(const std::string& expr) const {
  const auto samples = ask(expr);
  if (!samples || samples->size() != 1 || !std::isfinite(samples->front().value)) return std::nullopt;
  return samples->front().value;
}

void add_rule(Proposal& proposal, std::string slo, const std::string& lines, std::string words) {
  std::string yaml = fmt::format("      - slo: {}\n        ", slo);
  for (const char c : lines) yaml += c == '\n' ? "\n        " : std::string(1, c);
  proposal.rules.push_back({std::move(slo), yaml + "\n", std::move(words)});
}

std::string regex_of(const Names& values) {
  std::vector<std::string> out;
  for (const auto& value : values) out.push_back(escaped(value));
  return fmt::format("{}", fmt::join(out, "|"));
}

}  // namespace guard::replay
