// SPDX-License-Identifier: Apache-2.0
//
// What a guard shows to the network: where it listens, whom it lets in, and what becomes of both at a reload. Loop
// thread only, but for may_take().
#pragma once

#include "guard/api/router.hpp"
#include "guard/api/server.hpp"
#include "guard/engine/executor.hpp"
#include "guard/serve/serve_options.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace guard::serve {

class Front {
 public:
  struct Parts {
    boost::asio::io_context& loop;
    const ServeOptions& options;
    engine::Executor& executor;
    Random& random;
    const Log& log;
  };
  explicit Front(const Parts& parts);

  // Listens at the addresses of the flags, or on the sockets that the service manager has passed. Fails as
  // api::Server::listen, or with invalid where a flag asks for sockets and there are none.
  Result<void> listen(api::Services services, const config::Settings& settings, const std::vector<int>& passed);
  // Where; empty before listen().
  const api::Listening& listening() const { return listening_; }

  // Why a reload must not take these settings, or nothing. Safe from any thread.
  Result<void> may_take(const config::Settings& settings) const;
  void take(const config::Settings& settings);

  // Tells whoever follows these releases. The front may not be there yet.
  void changed(const std::vector<std::string>& releases);

  // No new requests; quiet once those under way are answered.
  void stop() { server_->stop(); }
  bool quiet() const { return server_->quiet(); }

 private:
  api::Gatekeeper gatekeeper(const config::Settings& settings);
  Result<std::vector<int>> sockets(const std::vector<int>& passed) const;
  void warn_of_people(const config::Settings& settings) const;
  void tell_listening(const api::Services& services, const config::Settings& settings) const;

  Parts parts_;
  std::shared_ptr<api::Passwords> passwords_;
  std::atomic<bool> knows_people_ = false;  // also looked at by a reload, on its own thread
  std::optional<api::Router> router_;
  std::unique_ptr<api::Server> server_;
  api::Listening listening_;
};

}  // namespace guard::serve
