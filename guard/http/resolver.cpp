// SPDX-License-Identifier: Apache-2.0
#include "guard/http/resolver.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <system_error>

namespace guard::http {
namespace {

// For one host: a name that hangs must not keep others from being looked up.
constexpr int most_hanging = 8;

struct Pending {
  std::mutex mutex;
  std::condition_variable found;
  std::optional<Addresses> addresses;
};

// How many lookups of each host are under way. Outlives every thread that counts itself out.
class UnderWay {
 public:
  static UnderWay& instance() {
    static auto* const all = new UnderWay;
    return *all;
  }
  bool enter(const std::string& host) {
    const std::scoped_lock lock(mutex_);
    return count_[host] < most_hanging && ++count_[host] > 0;
  }
  void leave(const std::string& host) {
    const std::scoped_lock lock(mutex_);
    if (--count_[host] == 0) count_.erase(host);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> count_;
};

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

Result<Addresses> resolve(const std::string& host, Duration timeout, Lookup lookup) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) return Addresses{address};
  auto& under_way = UnderWay::instance();
  if (!under_way.enter(host)) return cannot_resolve(host, ": too many lookups of it hang already");
  const auto pending = std::make_shared<Pending>();
  const auto look = [pending, host, lookup = std::move(lookup), &under_way] {
    Addresses found;
    try {
      found = lookup(host);
    } catch (const std::exception&) {
      found.clear();  // memory or file descriptors have run out: nothing is found, and the guard goes on
    }
    under_way.leave(host);
    const std::scoped_lock lock(pending->mutex);
    pending->addresses = std::move(found);
    pending->found.notify_all();
  };
  try {
    std::thread(look).detach();
  } catch (const std::system_error& no_thread) {
    under_way.leave(host);
    return cannot_resolve(host, fmt::format(": no thread can be started ({})", no_thread.code().message()));
  }
  std::unique_lock lock(pending->mutex);
  if (!pending->found.wait_for(lock, timeout, [&] { return pending->addresses.has_value(); }))
    return cannot_resolve(host, ": the name server does not answer");
  if (pending->addresses->empty()) return cannot_resolve(host, "");
  return *pending->addresses;
}

}  // namespace guard::http
