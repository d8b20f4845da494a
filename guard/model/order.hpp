// SPDX-License-Identifier: Apache-2.0
//
// What may be ordered of a release. Values.
#pragma once

#include "guard/base/enum_names.hpp"

namespace guard::model {

// `live` is the pipeline's, the others are a person's.
enum class Verb { live, pause, resume, approve, abort, rollback };

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Verb> {
  using V = model::Verb;
  static constexpr std::array table{EnumName<V>{V::live, "live"},     EnumName<V>{V::pause, "pause"},
                                    EnumName<V>{V::resume, "resume"}, EnumName<V>{V::approve, "approve"},
                                    EnumName<V>{V::abort, "abort"},   EnumName<V>{V::rollback, "rollback"}};
};

}  // namespace guard
