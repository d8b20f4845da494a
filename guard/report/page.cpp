// SPDX-License-Identifier: Apache-2.0
#include "guard/report/page.hpp"

#include "guard/report/escape.hpp"
#include "guard/report/style.hpp"

#include <fmt/format.h>

namespace guard::report {
namespace {

constexpr std::string_view head =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

}  // namespace

std::string page_head(std::string_view title) {
  return fmt::format("{}<style>{}</style>\n<title>{}</title>\n", head, report_style, escape_html(title));
}

std::string bdi(std::string_view text) {
  return fmt::format("<bdi>{}</bdi>", escape_html(text));
}

std::string badge(const Badge& shown, std::string_view words, std::string_view kind) {
  return fmt::format(
      "<span class=\"{} {}\"><svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"{}\"/></svg>"
      "<span>{}</span></span>",
      kind, shown.tone, icon_path(shown.icon), escape_html(words));
}

std::string badge(const Badge& shown) {
  return badge(shown, shown.words);
}

}  // namespace guard::report
