// SPDX-License-Identifier: Apache-2.0
//
// The files of the web page, part of the program: made by build.mjs from the sources in this folder, or, where the
// program was built without Node.js, one page of links. Constant; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace guard::web {

struct File {
  std::string_view path;  // "/" is the page; the others carry a hash of their content in their names
  std::string_view content_type;
  std::string_view body;
};

std::span<const File> files();

}  // namespace guard::web
