// SPDX-License-Identifier: Apache-2.0
//
// Discord's webhooks (discord.com/developers/docs/resources/webhook): one embed. Nothing in it may mention anybody.
#include "guard/base/duration.hpp"
#include "guard/receivers/formats.hpp"
#include "guard/receivers/markup.hpp"
#include "guard/receivers/wording.hpp"

#include <fmt/format.h>

namespace guard::receivers {
namespace {

int discord_color(Tone tone) {
  switch (tone) {
    case Tone::over:
      return 0x808080;
    case Tone::neutral:
      return 0x36C5F0;
    case Tone::good:
      return 0x2EB67D;
    case Tone::warning:
      return 0xECB22E;
    case Tone::danger:
      return 0xE01E5A;
  }
  return 0xE01E5A;
}

std::string discord_link(const std::string& url, const std::string& name) {
  std::string out = "[" + name + "](";
  for (const char c : url) out += c == '(' ? "%28" : c == ')' ? "%29" : std::string(1, c);
  return out + ")";
}

std::string discord_text(const Wording& wording) {
  std::string out;
  for (const auto& paragraph : wording.paragraphs) out += fit(paragraph, longest_value, discord_escape) + "\n";
  for (const auto& [name, value] : wording.facts)
    out += fmt::format("**{}:** {}\n", name, fit(value, longest_value, discord_escape));
  return out;
}

// An embed's description takes 4096 characters; a link that has no room in them is left out.
std::string with_links(std::string text, const std::vector<Link>& links) {
  constexpr std::size_t longest_description = 4096;
  for (const auto& [name, url] : links)
    if (auto link = discord_link(url, name) + "  "; text.size() + link.size() <= longest_description) text += link;
  while (text.ends_with(' ') || text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

json::object discord_body(const Message& message, const Sender& /*sender*/) {
  const auto wording = wording_of(message);
  json::object embed{{"title", fit(wording.title, longest_title, discord_escape)},
                     {"description", with_links(discord_text(wording), wording.links)},
                     {"color", discord_color(wording.tone)},
                     {"timestamp", format_time(message.at)}};
  if (!wording.url.empty()) embed["url"] = wording.url;
  return {{"embeds", json::array{std::move(embed)}}, {"allowed_mentions", {{"parse", json::array()}}}};
}

}  // namespace guard::receivers
