// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/command_tree.hpp"

#include "guard/base/text.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::cli {
namespace {

std::vector<std::string> words_of(const std::string& type) {
  std::vector<std::string> words;
  if (type.find('|') == std::string::npos) return words;
  for (std::size_t from = 0; from <= type.size();) {
    const auto end = std::min(type.find('|', from), type.size());
    words.push_back(type.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

OfferedOption offered(const CLI::Option& option) {
  OfferedOption out;
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  if (out.names.empty()) out.names.push_back(option.get_name());
  if (option.get_expected_max() > 0 && option.get_type_size_max() > 0) out.value = option.get_type_name();
  out.choices = words_of(out.value);
  out.fallback = option.get_default_str();
  out.description = option.get_description();
  out.required = option.get_required();
  return out;
}

OfferedCommand offered(const CLI::App& app, std::vector<std::string> path) {
  OfferedCommand out;
  out.path = std::move(path);
  out.description = app.get_description();
  out.notes = app.get_footer();
  for (const auto* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    auto& kind = option->nonpositional() ? out.options : out.positionals;
    kind.push_back(offered(*option));
  }
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;
    auto below = out.path;
    below.push_back(sub->get_name());
    out.subcommands.push_back(offered(*sub, std::move(below)));
  }
  return out;
}

void collect(const OfferedCommand& command, std::vector<const OfferedCommand*>& out) {
  out.push_back(&command);
  for (const auto& sub : command.subcommands) collect(sub, out);
}

}  // namespace

std::string OfferedCommand::name(const std::string& joint) const {
  return fmt::format("{}", fmt::join(path, joint));
}

OfferedCommand offered_by(const CLI::App& program) {
  return offered(program, {program.get_name()});
}

std::vector<const OfferedCommand*> all_of(const OfferedCommand& command) {
  std::vector<const OfferedCommand*> out;
  collect(command, out);
  return out;
}

}  // namespace guard::cli
