// SPDX-License-Identifier: Apache-2.0
//
// One connection of the client: a cpp-httplib client with what it lacks, a total deadline and a response cap.
// Used by one thread at a time.
#pragma once

#include "guard/http/client.hpp"
#include "guard/http/url.hpp"

#include <memory>
#include <string>

namespace httplib {
class Client;
}

namespace guard::http {

class Connection {
 public:
  // Fails with invalid if TLS files cannot be used, unavailable if tls.server_name needs an address that is not found.
  static Result<std::unique_ptr<Connection>> open(const Url& url, const TlsSettings& tls);
  ~Connection();

  // One exchange; `target` is the whole path. The connection is reusable afterwards only if this succeeded.
  Result<Response> exchange(const Request& request, const std::string& target,
                            const std::multimap<std::string, std::string>& headers);

 private:
  explicit Connection(std::unique_ptr<httplib::Client> client);
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace guard::http
