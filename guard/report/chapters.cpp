// SPDX-License-Identifier: Apache-2.0
#include "guard/report/chapters.hpp"

#include "guard/base/printable.hpp"
#include "guard/report/escape.hpp"
#include "guard/report/page.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::report {
namespace {

// As people count, not as bytes: what continues a character of UTF-8 takes no room.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t to) {
  return text + std::string(to > width(text) ? to - width(text) : 0, ' ');
}

std::string task_text(const Task& task) {
  return task.words.empty() ? task.what : task.what + ": " + task.words;
}

template <class Cells>
std::string markdown_row(const Cells& cells, std::string (*written)(std::string_view)) {
  std::string out = "|";
  for (const auto& cell : cells) out += fmt::format(" {} |", written(cell));
  return out + "\n";
}

std::string markdown_table(const Chapter& chapter) {
  if (chapter.rows.empty()) return "";
  auto out = markdown_row(chapter.head, escape_markdown) + "|";
  for (std::size_t i = 0; i < chapter.head.size(); ++i) out += " --- |";
  out += "\n";
  for (const auto& row : chapter.rows) out += markdown_row(row, markdown_code);
  return out + "\n";
}

std::string html_table(const Chapter& chapter) {
  if (chapter.rows.empty()) return "";
  std::string out =
      fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>",
                  escape_html(chapter.title));
  for (const auto& name : chapter.head) out += fmt::format("<th scope=\"col\">{}</th>", escape_html(name));
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : chapter.rows) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", bdi(row.front()));
    for (std::size_t i = 1; i < row.size(); ++i)
      out +=
          fmt::format("<td data-name=\"{}\">{}</td>", escape_html(chapter.head[i]), row[i].empty() ? "" : bdi(row[i]));
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n</div>\n";
}

std::string text_table(const Chapter& chapter) {
  if (chapter.rows.empty()) return "";
  auto rows = chapter.rows;
  rows.insert(rows.begin(), chapter.head);
  std::vector<std::size_t> widths(chapter.head.size(), 0);
  for (auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = row[i].empty() ? "-" : printable(row[i]);
      widths[i] = std::max(widths[i], width(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    out += " ";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += " " + (i + 1 < row.size() ? padded(row[i], widths[i] + 1) : row[i]);
    out += "\n";
  }
  return out + "\n";
}

// As a chapter of the page, of a part of it, or of a part of that.
std::string html_title(const Chapter& chapter, std::string_view level) {
  if (chapter.title.empty()) return "";
  const auto title = fmt::format("<{0}>{1}</{0}>", level, bdi(chapter.title));
  return chapter.badge ? fmt::format("<div class=\"head\">{}{}</div>\n", title, badge(*chapter.badge)) : title + "\n";
}

std::string html_list(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += fmt::format("<li dir=\"auto\">{}</li>\n", escape_html(line));
  return out.empty() ? "" : "<ul class=\"evidence\">\n" + out + "</ul>\n";
}

std::string html_tasks(const std::vector<Task>& tasks) {
  std::string out;
  for (const auto& task : tasks)
    out +=
        fmt::format("<p class=\"why\" dir=\"auto\">{} {}</p>\n", task.done ? "☑" : "☐", escape_html(task_text(task)));
  return out;
}

std::string html_of(const Chapter& chapter, std::string_view level) {
  auto out = html_title(chapter, level);
  if (!chapter.words.empty()) out += fmt::format("<p class=\"dim\" dir=\"auto\">{}</p>\n", escape_html(chapter.words));
  std::string facts;
  for (const auto& [name, value] : chapter.facts)
    facts += fmt::format("<dt>{}</dt><dd dir=\"auto\">{}</dd>\n", name, escape_html(value));
  if (!facts.empty()) out += "<dl>\n" + facts + "</dl>\n";
  return out + html_table(chapter) + html_list(chapter.lines) + html_tasks(chapter.tasks);
}

std::string text_of(const Chapter& chapter) {
  std::string out;
  if (!chapter.title.empty())
    out += fmt::format("{}{}{}\n\n", chapter.inner ? "" : "== ", printable(chapter.title),
                       chapter.badge ? fmt::format(": {}", chapter.badge->words) : "");
  if (!chapter.words.empty()) out += fmt::format("  {}\n\n", printable(chapter.words));
  std::size_t widest = 0;
  for (const auto& [name, value] : chapter.facts) widest = std::max(widest, width(name));
  for (const auto& [name, value] : chapter.facts)
    out += fmt::format("  {}  {}\n", padded(name, widest), printable(value));
  if (!chapter.facts.empty()) out += "\n";
  out += text_table(chapter);
  for (const auto& line : chapter.lines) out += fmt::format("  - {}\n", printable(line));
  for (const auto& task : chapter.tasks)
    out += fmt::format("  [{}] {}\n", task.done ? 'x' : ' ', printable(task_text(task)));
  return out + (chapter.lines.empty() && chapter.tasks.empty() ? "" : "\n");
}

}  // namespace

std::string as_markdown(const Chapter& chapter) {
  std::string out;
  if (!chapter.title.empty())
    out += fmt::format("{} {}{}\n\n", chapter.inner ? "###" : "##", escape_markdown(chapter.title),
                       chapter.badge ? fmt::format(": {}", chapter.badge->words) : "");
  if (!chapter.words.empty()) out += escape_markdown(chapter.words) + "\n\n";
  for (const auto& [name, value] : chapter.facts) out += fmt::format("- {}: {}\n", name, escape_markdown(value));
  if (!chapter.facts.empty()) out += "\n";
  out += markdown_table(chapter);
  for (const auto& line : chapter.lines) out += fmt::format("- {}\n", escape_markdown(line));
  for (const auto& task : chapter.tasks)
    out += fmt::format("- [{}] {}\n", task.done ? 'x' : ' ', escape_markdown(task_text(task)));
  return out + (chapter.lines.empty() && chapter.tasks.empty() ? "" : "\n");
}

std::string as_html(const Chapter& chapter) {
  return html_of(chapter, "h2");
}

std::string as_markdown(const Chapters& document) {
  auto out = fmt::format("# {}\n\n", escape_markdown(document.title));
  for (const auto& chapter : document.all) out += as_markdown(chapter);
  return out.substr(0, out.find_last_not_of('\n') + 1) + "\n";
}

// A chapter that has inner ones is a card with them.
std::string as_page(const Chapters& document) {
  auto out = page_head(document.title) + fmt::format("<h1>{}</h1>\n", bdi(document.title));
  const auto& all = document.all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool has_inner = i + 1 < all.size() && all[i + 1].inner;
    out += all[i].inner ? html_of(all[i], "h4")
           : has_inner  ? "<section class=\"card\">\n" + html_of(all[i], "h3")
                        : as_html(all[i]);
    if (all[i].inner && !has_inner) out += "</section>\n";
  }
  return out + "</html>\n";
}

std::string as_text(const Chapters& document) {
  auto out = printable(document.title) + "\n\n";
  for (const auto& chapter : document.all) out += text_of(chapter);
  return out.substr(0, out.find_last_not_of('\n') + 1) + "\n";
}

}  // namespace guard::report
