// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/import.hpp"

#include "guard/importing/formats.hpp"
#include "guard/importing/writer.hpp"

#include <algorithm>
#include <deque>
#include <map>

namespace guard::importing {
namespace {

// A List of kubectl is what stands in it.
bool is_list(const config::Node& root) {
  return text_at(root, {"kind"}) == "List" && root.find("items") != nullptr;
}

std::string kind_of(const config::Node& root) {
  const auto kind = text_at(root, {"kind"});
  return kind.empty() ? "this document" : kind;
}

class Importer {
 public:
  explicit Importer(const std::optional<std::string>& wanted) : wanted_(wanted) {}

  void read(const config::Source& file) {
    auto& documents = trees_.emplace_back(config::read_yaml_documents(config::Report(file, unread_)));
    for (const auto& root : documents) sort_in(file, root);
  }

  Imported take() {
    Imported out;
    out.unread = std::move(unread_);
    if (out.unread.has_errors()) return out;
    for (const auto& [format, documents] : sorted_) format->read(documents, collection_);
    out.left = collection_.left();
    config::sort(out.left);
    const auto& drafts = collection_.drafts();
    out.rules = drafts.size();
    out.changed = static_cast<std::size_t>(
        std::ranges::count_if(drafts, [](const Draft& draft) { return !draft.remarks.empty(); }));
    if (!drafts.empty()) out.text = rule_file_of(drafts, out.left);
    return out;
  }

 private:
  void sort_in(const config::Source& file, const config::Node& root) {
    if (is_list(root)) {
      for (const auto& item : root.find("items")->children) sort_in(file, item);
    } else if (const auto* format = wanted_ ? format_named(*wanted_) : format_of(root)) {
      sorted_[format].push_back({&file, &root});
    } else {
      collection_.leave({&file, root.offset}, kind_of(root),
                        "nothing that is imported is recognised in it; where it is, say which by --from");
    }
  }

  const std::optional<std::string>& wanted_;
  std::deque<std::vector<config::Node>> trees_;
  std::map<const Format*, Documents> sorted_;
  Collection collection_;
  config::Diagnostics unread_;
};

}  // namespace

std::vector<std::string> formats() {
  std::vector<std::string> out;
  for (const auto& format : all_formats()) out.emplace_back(format.name);
  return out;
}

Imported import(std::span<const config::Source> files, const std::optional<std::string>& format) {
  Importer importer(format);
  for (const auto& file : files) importer.read(file);
  return importer.take();
}

}  // namespace guard::importing
