// SPDX-License-Identifier: Apache-2.0
#include "guard/api/accept.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace guard::api {
namespace {

// One entry of an Accept header: `type/subtype; name=value; q=0.5`.
struct Choice {
  std::string name;
  std::map<std::string, std::string> parameters;
  double quality = 1;
};

std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    out.push_back(trim(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

// What is no number is no wish.
double quality_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= 1 ? value : 0;
}

Choice read_choice(std::string_view text) {
  const auto pieces = parts(text, ';');
  Choice out;
  out.name = lower_case(pieces.front());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const auto equals = std::min(pieces[i].find('='), pieces[i].size());
    auto value = trim(pieces[i].substr(std::min(equals + 1, pieces[i].size())));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    out.parameters.emplace(lower_case(trim(pieces[i].substr(0, equals))), value);
  }
  if (const auto q = out.parameters.find("q"); q != out.parameters.end()) out.quality = quality_of(q->second);
  return out;
}

std::vector<Choice> read_choices(const std::string& header) {
  std::vector<Choice> out;
  for (const auto entry : parts(header, ','))
    if (!entry.empty()) out.push_back(read_choice(entry));
  return out;
}

// Whether the entry leaves the version open, or names this one.
bool is_version(const Choice& choice, std::string_view version) {
  const auto named = choice.parameters.find("version");
  return named == choice.parameters.end() || named->second == version;
}

// The quality of the first of `names` that an entry has: the closest name counts, whatever a wider one says.
template <class Condition>
std::optional<double> wish(const std::vector<Choice>& choices, std::initializer_list<std::string_view> names,
                           Condition counts) {
  for (const auto name : names) {
    std::optional<double> best;
    for (const auto& choice : choices)
      if (choice.name == name && counts(choice)) best = std::max(best.value_or(0), choice.quality);
    if (best) return best;
  }
  return std::nullopt;
}

bool wants_open_metrics(const std::vector<Choice>& choices) {
  const auto open =
      wish(choices, {"application/openmetrics-text"}, [](const Choice& choice) { return is_version(choice, "1.0.0"); });
  const auto plain =
      wish(choices, {"text/plain", "text/*", "*/*"}, [](const Choice& choice) { return is_version(choice, "0.0.4"); });
  return open.value_or(0) > 0 && open.value_or(0) >= plain.value_or(0);
}

bool takes_gzip(const std::vector<Choice>& choices) {
  const auto any = [](const Choice&) { return true; };
  const auto packed = wish(choices, {"gzip", "x-gzip", "*"}, any).value_or(0);
  return packed > 0 && packed >= wish(choices, {"identity"}, any).value_or(0);
}

}  // namespace

ScrapeForm scrape_form(const Request& request) {
  return {wants_open_metrics(read_choices(request.header("accept"))),
          takes_gzip(read_choices(request.header("accept-encoding")))};
}

}  // namespace guard::api
