// SPDX-License-Identifier: Apache-2.0
//
// What can be imported, once: how a document of each format is recognised, and what reads all documents of it. A format
// is added by one line of the table. Constants; safe from any thread.
#pragma once

#include "guard/importing/material.hpp"

#include <span>
#include <string_view>

namespace guard::importing {

struct Format {
  std::string_view name;
  bool (*is)(const config::Node& root);         // whether the document is one
  void (*read)(const Documents&, Collection&);  // all of them together, for some speak of each other
};

std::span<const Format> all_formats();

// What a document is; nullptr for what is none of them.
const Format* format_of(const config::Node& root);
// The format of this name, which is one of them.
const Format* format_named(std::string_view name);

void read_prometheus(const Documents& documents, Collection& out);
void read_sloth(const Documents& documents, Collection& out);
void read_openslo(const Documents& documents, Collection& out);
void read_flagger(const Documents& documents, Collection& out);
void read_argo(const Documents& documents, Collection& out);

}  // namespace guard::importing
