// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/formats.hpp"

#include <algorithm>
#include <array>

namespace guard::importing {
namespace {

using config::Node;

bool is_of(const Node& root, std::string_view group) {
  return text_at(root, {"apiVersion"}).starts_with(group);
}

bool has(const Node& root, std::string_view key) {
  return root.find(key) != nullptr;
}

constexpr std::array table{
    Format{"prometheus",
           [](const Node& root) {
             return is_of(root, "monitoring.coreos.com/") || (has(root, "groups") && !has(root, "apiVersion"));
           },
           read_prometheus},
    Format{
        "sloth",
        [](const Node& root) { return is_of(root, "sloth.slok.dev/") || (has(root, "slos") && has(root, "service")); },
        read_sloth},
    Format{"openslo", [](const Node& root) { return is_of(root, "openslo/"); }, read_openslo},
    Format{"flagger", [](const Node& root) { return is_of(root, "flagger.app/"); }, read_flagger},
    Format{"argo", [](const Node& root) { return is_of(root, "argoproj.io/"); }, read_argo}};

const Format* pointer(const Format* found) {
  return found == table.end() ? nullptr : found;
}

}  // namespace

std::span<const Format> all_formats() {
  return table;
}

const Format* format_of(const Node& root) {
  return pointer(std::ranges::find_if(table, [&](const Format& one) { return one.is(root); }));
}

const Format* format_named(std::string_view name) {
  return pointer(std::ranges::find(table, name, &Format::name));
}

}  // namespace guard::importing
