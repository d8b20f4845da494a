// SPDX-License-Identifier: Apache-2.0
//
// What one receiver was told of one of the guard's own alerts, as the journal keeps it, so that a restarted guard tells
// nothing twice. A value.
#pragma once

#include "guard/alerts/own_alert.hpp"
#include "guard/base/enum_names.hpp"

#include <string>

namespace guard::alerts {

// Of `sending` and `sending_end` nobody knows yet whether they arrived: they are stored before the message is sent.
enum class ToldState {
  sending,
  sent,
  sending_end,
  ended  // nothing more is to be told, and nothing is kept
};

// Known by the receiver and the alert's labels.
struct ToldAlert {
  std::string receiver;
  OwnAlert alert;  // as it was told, or is being told
  ToldState state = ToldState::sending;
  WallTime at{};  // since when it is in this state

  bool operator==(const ToldAlert&) const = default;
};

}  // namespace guard::alerts

namespace guard {

template <>
struct EnumNames<alerts::ToldState> {
  using S = alerts::ToldState;
  static constexpr std::array table{EnumName<S>{S::sending, "sending"}, EnumName<S>{S::sent, "sent"},
                                    EnumName<S>{S::sending_end, "sending_end"}, EnumName<S>{S::ended, "ended"}};
};

}  // namespace guard
