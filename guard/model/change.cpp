// SPDX-License-Identifier: Apache-2.0
#include "guard/model/change.hpp"

#include <array>
#include <compare>
#include <re2/re2.h>
#include <string>

namespace guard::model {
namespace {

struct Version {
  std::array<int, 3> numbers{};
  std::string pre;  // what stands after "-": a version before the one of these numbers

  // Pre-releases of one version are not told apart: none changes more than the version itself.
  bool operator<(const Version& other) const {
    return numbers != other.numbers ? numbers < other.numbers : !pre.empty() && other.pre.empty();
  }
};

std::optional<Version> read(std::string_view text) {
  static const re2::RE2 form(R"(v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)");
  Version version;
  std::string patch;
  auto& [major, minor, last] = version.numbers;
  if (!re2::RE2::FullMatch({text.data(), text.size()}, form, &major, &minor, &patch, &version.pre)) return std::nullopt;
  last = patch.empty() ? 0 : std::stoi(patch);
  return version;
}

}  // namespace

std::optional<Change> change_between(std::string_view before, std::string_view after) {
  const auto from = read(before);
  const auto to = read(after);
  if (!from || !to || !(*from < *to)) return std::nullopt;
  if (from->numbers[0] != to->numbers[0]) return Change::major;
  return from->numbers[1] != to->numbers[1] ? Change::minor : Change::patch;
}

std::optional<Change> change_to(std::string_view after) {
  const auto to = read(after);
  if (!to || !to->pre.empty() || to->numbers[0] == 0 || to->numbers[1] != 0 || to->numbers[2] != 0) return std::nullopt;
  return Change::major;
}

bool is_semantic(std::string_view version) {
  return read(version).has_value();
}

}  // namespace guard::model
