// SPDX-License-Identifier: Apache-2.0
//
// The core speaks of the nouns and of templates by their plain names. Pure.
#pragma once

#include "guard/promql/text_template.hpp"

namespace guard::model {}

namespace guard::core {

using namespace model;
using promql::Subject;
using promql::TextTemplate;

}  // namespace guard::core
