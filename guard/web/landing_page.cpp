// SPDX-License-Identifier: Apache-2.0
#include "guard/web/page.hpp"

#include <array>

namespace guard::web {
namespace {

constexpr std::array only{File{"/", "text/html; charset=utf-8", R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Release Guard</title>
<h1>Release Guard</h1>
<ul>
<li><a href="api/v1/releases">releases</a></li>
<li><a href="metrics">metrics</a></li>
<li><a href="-/ready">ready</a></li>
</ul>
</html>
)"}};

}  // namespace

std::span<const File> files() {
  return only;
}

}  // namespace guard::web
