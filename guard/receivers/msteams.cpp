// SPDX-License-Identifier: Apache-2.0
//
// The workflow "Post to a channel when a webhook request is received" of Microsoft Teams: a message with one Adaptive
// Card (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors), of 28 KB at most. Text from outside
// stands in text runs, which know no Markdown.
#include "guard/receivers/formats.hpp"
#include "guard/receivers/markup.hpp"
#include "guard/receivers/wording.hpp"

namespace guard::receivers {
namespace {

std::string_view card_color(Tone tone) {
  switch (tone) {
    case Tone::over:
      return "Default";
    case Tone::neutral:
      return "Accent";
    case Tone::good:
      return "Good";
    case Tone::warning:
      return "Warning";
    case Tone::danger:
      return "Attention";
  }
  return "Attention";
}

json::object run(std::string text) {
  return {{"type", "TextRun"}, {"text", std::move(text)}};
}

json::object bold(std::string text) {
  auto out = run(std::move(text));
  out["weight"] = "Bolder";
  return out;
}

json::object line(json::array runs) {
  return {{"type", "RichTextBlock"}, {"inlines", std::move(runs)}};
}

json::object title_line(const Wording& wording) {
  auto title = bold(fit(wording.title, longest_title, as_it_is));
  title["size"] = "Medium";
  title["color"] = card_color(wording.tone);
  return line({std::move(title)});
}

json::object card_of(const Wording& wording) {
  json::array body{title_line(wording)};
  for (const auto& paragraph : wording.paragraphs) body.push_back(line({run(fit(paragraph, longest_value, as_it_is))}));
  for (const auto& [name, value] : wording.facts)
    body.push_back(line({bold(name + ": "), run(fit(value, longest_value, as_it_is))}));
  json::array actions;
  for (const auto& [name, url] : wording.links)
    actions.push_back(json::object{{"type", "Action.OpenUrl"}, {"title", name}, {"url", url}});
  json::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"fallbackText", fit(wording.title, longest_title, as_it_is)},
                    {"msteams", {{"width", "Full"}}},
                    {"body", std::move(body)}};
  if (!actions.empty()) card["actions"] = std::move(actions);
  return card;
}

}  // namespace

json::object msteams_body(const Message& message, const Sender& /*sender*/) {
  json::object attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                          {"contentUrl", nullptr},
                          {"content", card_of(wording_of(message))}};
  return {{"type", "message"}, {"attachments", json::array{std::move(attachment)}}};
}

}  // namespace guard::receivers
