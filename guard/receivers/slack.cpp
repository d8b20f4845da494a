// SPDX-License-Identifier: Apache-2.0
//
// Slack's incoming webhooks (docs.slack.dev/messaging): one attachment, for its colour, with Block Kit in it.
// `verbatim` keeps Slack from making links and mentions of what only looks like them.
#include "guard/receivers/formats.hpp"
#include "guard/receivers/markup.hpp"
#include "guard/receivers/wording.hpp"

#include <fmt/format.h>

namespace guard::receivers {
namespace {

std::string_view slack_color(Tone tone) {
  switch (tone) {
    case Tone::over:
      return "#808080";
    case Tone::neutral:
      return "#36C5F0";
    case Tone::good:
      return "good";
    case Tone::warning:
      return "warning";
    case Tone::danger:
      return "danger";
  }
  return "danger";
}

json::object section(const std::string& text) {
  return {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}, {"verbatim", true}}}};
}

// `|` parts the address from its name.
std::string slack_link(const std::string& url, const std::string& name) {
  std::string out = "<";
  for (const char c : url) out += c == '|' ? "%7C" : slack_escape(c);
  return out + "|" + name + ">";
}

std::string slack_text(const Wording& wording) {
  std::string out;
  for (const auto& paragraph : wording.paragraphs) out += fit(paragraph, longest_value, slack_escape) + "\n";
  for (const auto& [name, value] : wording.facts)
    out += fmt::format("*{}:* {}\n", name, fit(value, longest_value, slack_escape));
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

json::object slack_body(const Message& message, const Sender& /*sender*/) {
  const auto wording = wording_of(message);
  const auto title = fit(wording.title, longest_title, slack_escape);
  json::array blocks{section(wording.url.empty() ? "*" + title + "*" : "*" + slack_link(wording.url, title) + "*")};
  if (const auto text = slack_text(wording); !text.empty()) blocks.push_back(section(text));
  std::string links;
  for (const auto& [name, url] : wording.links) links += (links.empty() ? "" : "  ") + slack_link(url, name);
  if (!links.empty()) blocks.push_back(section(links));
  // What phones show.
  json::object attachment{{"color", slack_color(wording.tone)}, {"fallback", title}, {"blocks", std::move(blocks)}};
  return {{"attachments", json::array{std::move(attachment)}}};
}

}  // namespace guard::receivers
