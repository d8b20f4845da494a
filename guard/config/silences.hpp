// SPDX-License-Identifier: Apache-2.0
//
// Comments that silence warnings: `# release-guard: ignore NAME: why`. One holds for its own line or, where it stands
// alone, for the next line that is no comment; where a rule begins there, for all of the rule. Values; one owner.
#pragma once

#include "guard/config/source.hpp"

#include <vector>

namespace guard::config {

class Silences {
 public:
  // Takes up the comments of a source. Those that say no reason, or name no warning, silence nothing and are reported.
  void read(const Report& report);

  // Takes out the warnings that are silenced.
  void apply(Diagnostics& diagnostics);

  // Reports the comments that silenced nothing, among those for what a server may show, or among the others: to be
  // asked once all that could be found there has been applied.
  void report_unused(Diagnostics& diagnostics, bool by_server) const;

 private:
  struct Silence {
    Diagnostic place;
    model::Finding finding = model::Finding::none;
    int line = 0;  // for which it holds
    bool used = false;
  };

  // What the comment at `offset` silences; nothing where it is reported instead.
  void read_one(const Report& report, std::size_t offset);
  bool silenced(const Diagnostic& diagnostic);

  std::vector<Silence> all_;
};

}  // namespace guard::config
