// SPDX-License-Identifier: Apache-2.0
//
// What the command line offers, read from CLI11's own tree: completion.hpp and man_pages.hpp are made of it, so that
// neither can tell of an option that is not there. Hidden commands and options are left out. Pure.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace guard::cli {

struct OfferedOption {
  std::vector<std::string> names;    // "-o", "--output"; of a positional its name alone
  std::string value;                 // "DURATION", "text|json"; empty: it takes none
  std::vector<std::string> choices;  // the words of `value`, where it names them
  std::string fallback;
  std::string description;
  bool required = false;

  bool takes_path() const { return value == "FILE" || value == "FOLDER" || value == "RULES"; }
};

struct OfferedCommand {
  std::vector<std::string> path;  // "release-guard", "release", "start"
  std::string description;
  std::string notes;  // what its help says below the options
  std::vector<OfferedOption> options;
  std::vector<OfferedOption> positionals;
  std::vector<OfferedCommand> subcommands;

  // "release-guard release start", or joined by something else.
  std::string name(const std::string& joint = " ") const;
};

OfferedCommand offered_by(const CLI::App& program);

// It and all below it, in the order of the help.
std::vector<const OfferedCommand*> all_of(const OfferedCommand& command);

}  // namespace guard::cli
