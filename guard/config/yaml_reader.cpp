// SPDX-License-Identifier: Apache-2.0
#include "guard/config/yaml_reader.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace guard::config {
namespace {

struct Stop {};  // ends the parse after something was reported that makes the rest meaningless

// yaml-cpp accepts a quoted text that the file ends in the middle of.
bool is_closed(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (auto i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\')
      ++i;
    else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
      ++i;
    else if (text[i] == quote)
      return true;
  }
  return false;
}

constexpr std::string_view needs_quotes =
    "a value that begins with > or ! means something else in YAML; put it in quotes, for example \">= 1\"";

// True for what reads like a comparison: `>= 1`, `>1`, `!= 0`.
bool is_comparison(std::string_view value) {
  if (value.starts_with("!=") || value.starts_with(">=")) return true;
  if (!value.starts_with('>')) return false;
  value = trim(value.substr(1));
  if (value.starts_with('-')) value.remove_prefix(1);
  return !value.empty() && value[0] >= '0' && value[0] <= '9';
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Report& report, bool several) : report_(&report), several_(several) {}

  std::vector<Node> roots;  // without those of empty documents

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    const auto at = offset(mark);
    const bool marked = text().substr(at).starts_with("---");
    if (several_ && marked) return;
    report_->error(at, marked ? "a second YAML document begins here; only one is allowed in a file"
                              : "this line does not belong to what stands above it; check its indentation");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = make(NodeKind::null, mark);
    check(node, "", anchor);
    place(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    auto node = make(NodeKind::refused, mark);
    report_->error(node.offset, "aliases are not allowed; write the value again, or use `defaults` in a rule file");
    place(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(NodeKind::scalar, mark);
    node.text = value;
    if (is_bare_comparison(node, tag)) {
      report_->error(node.offset, std::string(needs_quotes));
      node.kind = NodeKind::refused;
      return place(std::move(node));
    }
    check(node, tag, anchor);
    const char first = node.offset < text().size() ? text()[node.offset] : ' ';
    if ((first == '"' || first == '\'') && !is_closed(text(), node.offset)) {
      report_->error(node.offset, "this quoted text never ends; close the quote");
      throw Stop{};
    }
    place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(NodeKind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(NodeKind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Key {
    std::string name;
    std::size_t offset = 0;
    bool refused = false;
  };
  struct Frame {
    Node node;
    std::optional<Key> key;                   // of a map: the key whose value comes next
    std::map<std::string, std::size_t> seen;  // of a map: its keys and where they stand
  };

  std::string_view text() const { return report_->source().text(); }

  std::size_t offset(const YAML::Mark& mark) const {
    return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), text().size());
  }

  Node make(NodeKind kind, const YAML::Mark& mark) const {
    Node node;
    node.kind = kind;
    node.offset = offset(mark);
    return node;
  }

  // `!= 0` is a tag to YAML, and `>1` the beginning of a text whose lines follow, of which there are none.
  bool is_bare_comparison(const Node& node, const std::string& tag) const {
    const auto written = text().substr(node.offset);
    const bool lost = written.starts_with('!') ? !tag.empty() : trim(node.text).empty();
    return lost && is_comparison(written.substr(0, written.find('\n')));
  }

  void check(const Node& node, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0)
      report_->error(node.offset,
                     "anchors are not allowed; write the value where it is used, or use `defaults` in a rule file");
    if (!tag.empty() && tag != "?" && tag != "!")
      report_->error(node.offset, "tags are not allowed; write the plain value");
  }

  void open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    Frame frame;
    frame.node = make(kind, mark);
    check(frame.node, tag, anchor);
    if (frames_.size() >= deepest_nesting) {
      report_->error(frame.node.offset, fmt::format("nested deeper than {} levels", deepest_nesting));
      throw Stop{};
    }
    frames_.push_back(std::move(frame));
  }

  void close() {
    auto node = std::move(frames_.back().node);
    frames_.pop_back();
    place(std::move(node));
  }

  void place(Node node) {
    if (frames_.empty()) {
      if (node.kind != NodeKind::null) roots.push_back(std::move(node));
      return;
    }
    auto& frame = frames_.back();
    if (frame.node.kind == NodeKind::list)
      frame.node.children.push_back(std::move(node));
    else if (!frame.key)
      frame.key = read_key(frame, node);
    else
      place_member(frame, std::move(node));
  }

  Key read_key(Frame& frame, const Node& node) const {
    Key key{node.text, node.offset, true};
    if (node.kind == NodeKind::refused) return key;
    if (node.kind != NodeKind::scalar) {
      const auto open = node.offset > 0 ? node.offset - 1 : 0;
      const bool is_template = text().substr(open).starts_with("{{");
      report_->error(is_template ? open : node.offset,
                     is_template ? "a value that begins with {{ must stand in quotes" : "a key must be plain text");
      if (is_template) frame.node.kind = NodeKind::refused;
    } else if (node.text == "<<") {
      report_->error(node.offset, "merge keys are not allowed; write the keys out, or use `defaults` in a rule file");
    } else if (const auto [first, fresh] = frame.seen.emplace(node.text, node.offset); !fresh) {
      report_->error(node.offset, fmt::format("`{}` stands here twice; the first is on line {}", shorten(node.text, 60),
                                              report_->source().position(first->second).line));
    } else {
      key.refused = false;
    }
    return key;
  }

  static void place_member(Frame& frame, Node node) {
    if (!frame.key->refused) {
      node.key = std::move(frame.key->name);
      node.key_offset = frame.key->offset;
      if (node.kind == NodeKind::null) node.offset = node.key_offset;
      frame.node.children.push_back(std::move(node));
    }
    frame.key.reset();
  }

  const Report* report_;
  bool several_;  // more than one document may stand in the text
  std::vector<Frame> frames_;
  int documents_ = 0;
};

// The first byte that no configuration has a use for, or npos.
std::size_t control_character(std::string_view text) {
  const auto found = std::ranges::find_if(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
  });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

// The longest well-formed beginning of `text` ends here.
std::size_t end_of_utf8(std::string_view text) {
  std::size_t good = 0;
  while (good < text.size()) {
    const auto byte = static_cast<unsigned char>(text[good]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (!is_utf8(text.substr(good, length))) break;
    good += length;
  }
  return good;
}

bool readable(const Report& report) {
  const auto& text = report.source().text();
  if (text.size() > largest_text) {
    report.file_error(fmt::format("larger than {} KiB; split it into several files", largest_text / 1024));
  } else if (!is_utf8(text)) {
    report.error(end_of_utf8(text), "this is not UTF-8 text; save the file as UTF-8");
  } else if (const auto at = control_character(text); at != std::string_view::npos) {
    report.error(at, fmt::format("a control character (0x{:02x}) is not allowed; delete it", text[at]));
  } else {
    return true;
  }
  return false;
}

// What to do about a fault of the syntax at `at`, by yaml-cpp's words for it.
std::string_view syntax_advice(const Source& source, std::size_t at, std::string_view fault) {
  constexpr std::string_view quote =
      "put the value in quotes, or write `|` there and the value on the next line, indented";
  constexpr std::string_view look_above = "look at the indentation of this line and of the one above it";
  constexpr std::string_view close = "close the bracket, or put the text with the bracket in quotes";
  if (fault.find("flow") != std::string_view::npos) return close;
  if (fault.find("escape") != std::string_view::npos)
    return "in double quotes a backslash begins an escape; write it twice, or use single quotes";
  const auto line = source.line_at(at);
  const auto before = line.substr(0, at - static_cast<std::size_t>(line.data() - source.text().data()));
  const bool second_colon = fault == "illegal map value" && before.find(": ") != std::string_view::npos;
  return second_colon ? quote : look_above;
}

// Where a comparison without quotes begins on this line, or npos.
std::size_t bare_comparison(std::string_view line) {
  const auto colon = line.find(": ");
  const auto value = colon == std::string_view::npos ? colon : line.find_first_not_of(' ', colon + 1);
  return value != std::string_view::npos && is_comparison(line.substr(value)) ? value : std::string_view::npos;
}

void syntax_error(const Report& report, const YAML::Exception& exception) {
  const auto& text = report.source().text();
  const auto at = exception.mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(exception.mark.pos), text.size());
  const auto line = report.source().line_at(at);
  const auto blanks = std::min(line.find_first_not_of(" \t"), line.size());
  const auto start = static_cast<std::size_t>(line.data() - text.data());
  if (const auto value = bare_comparison(line); value != std::string_view::npos) {
    report.error(start + value, std::string(needs_quotes));
  } else if (const auto tab = line.substr(0, blanks).find('\t'); tab != std::string_view::npos) {
    report.error(start + tab, "a tab indents this line; YAML allows only spaces there");
  } else {
    report.error(at, fmt::format("this is not valid YAML: {}; {}", exception.msg,
                                 syntax_advice(report.source(), at, exception.msg)));
  }
}

// None where the syntax is broken or there is nothing, which is reported.
std::vector<Node> read_documents(const Report& report, bool several) {
  if (!readable(report)) return {};
  TreeBuilder builder(report, several);
  try {
    std::istringstream stream(report.source().text());
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& exception) {
    syntax_error(report, exception);
    return {};
  } catch (const Stop&) {
    return {};
  }
  if (builder.roots.empty()) report.file_error("the file is empty");
  return std::move(builder.roots);
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto found = std::ranges::find(children, name, &Node::key);
  return found == children.end() ? nullptr : &*found;
}

std::optional<Node> read_yaml(const Report& report) {
  auto roots = read_documents(report, false);
  return roots.empty() ? std::nullopt : std::optional(std::move(roots.front()));
}

std::vector<Node> read_yaml_documents(const Report& report) {
  return read_documents(report, true);
}

std::size_t offset_in(const Source& source, const Node& scalar, std::size_t at) {
  const std::string_view text = scalar.text;
  at = std::min(at, text.size());
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const auto line_begin = before == std::string_view::npos ? 0 : before + 1;
  const auto line = text.substr(line_begin, text.find('\n', line_begin) - line_begin);
  // Escapes and folded lines make the source longer than the text, but not by much.
  const auto window = std::string_view(source.text()).substr(scalar.offset, 4 * text.size() + 256);
  const auto found = line.empty() ? std::string_view::npos : window.find(line);
  return found == std::string_view::npos ? scalar.offset : scalar.offset + found + (at - line_begin);
}

}  // namespace guard::config
