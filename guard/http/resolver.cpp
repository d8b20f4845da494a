// SPDX-License-Identifier: Apache-2.0
#include "guard/http/resolver.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace guard::http {
namespace {

constexpr int most_hanging = 64;

struct Pending {
  std::mutex mutex;
  std::condition_variable found;
  std::optional<Addresses> addresses;
};

// How many lookups are under way; outlives every thread that counts itself out.
std::atomic<int>& under_way() {
  static std::atomic<int> count{0};
  return count;
}

std::unexpected<Error> cannot_resolve(const std::string& host, std::string_view why) {
  return fail(ErrorCode::unavailable, fmt::format("cannot resolve {}{}", host, why));
}

}  // namespace

Addresses system_lookup(const std::string& host) {
  boost::asio::io_context context(1);
  boost::system::error_code problem;
  Addresses found;
  for (const auto& entry : boost::asio::ip::tcp::resolver(context).resolve(host, "", problem))
    found.push_back(entry.endpoint().address());
  return found;
}

Result<Addresses> resolve(const std::string& host, std::chrono::steady_clock::time_point deadline, Lookup lookup) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) return Addresses{address};
  if (under_way() >= most_hanging) return cannot_resolve(host, ": too many lookups hang already");
  const auto pending = std::make_shared<Pending>();
  ++under_way();
  std::thread([pending, host, lookup = std::move(lookup)] {
    auto found = lookup(host);
    const std::scoped_lock lock(pending->mutex);
    pending->addresses = std::move(found);
    pending->found.notify_all();
    --under_way();
  }).detach();
  std::unique_lock lock(pending->mutex);
  if (!pending->found.wait_until(lock, deadline, [&] { return pending->addresses.has_value(); }))
    return cannot_resolve(host, ": the name server does not answer");
  if (pending->addresses->empty()) return cannot_resolve(host, "");
  return *pending->addresses;
}

}  // namespace guard::http
