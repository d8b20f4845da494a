// SPDX-License-Identifier: Apache-2.0
//
// What all connections of a server share. Loop thread only.
#pragma once

#include "guard/api/give_way.hpp"
#include "guard/api/server.hpp"
#include "guard/api/tls.hpp"

#include <memory>
#include <vector>

namespace guard::api {

struct Sessions {
  Router& router;
  Limits limits;
  std::vector<Connection*> open;  // in the order in which they began to wait for their requests
  bool stopping = false;
  TlsContextPtr tls = nullptr;  // of connections from here on; none: they are plain
  Headers headers = {};         // of every response
};
using SessionsPtr = std::shared_ptr<Sessions>;

}  // namespace guard::api
