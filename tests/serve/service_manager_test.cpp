// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/service_manager.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

// The service manager's end: a datagram socket with an abstract name of its own.
class Manager {
 public:
  Manager() : name_("@release-guard-test-" + std::to_string(::getpid())) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name_.data() + 1, name_.size() - 1);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    bound_ = ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) == 0;
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }
  ~Manager() { ::close(fd_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  bool bound() const { return bound_; }
  // The next message, or empty: what was sent over a local socket is there at once.
  std::string heard() const {
    std::array<char, 256> buffer{};
    const auto size = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::string name_;
  bool bound_ = false;
};

TEST(ServiceManager, HearsOfReadyAliveAndStopping) {
  const Manager manager;
  ASSERT_TRUE(manager.bound());
  const serve::ServiceManager told;
  told.ready("listening");
  told.alive();
  told.stopping();
  EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=listening");
  EXPECT_EQ(manager.heard(), "WATCHDOG=1");
  EXPECT_EQ(manager.heard(), "STOPPING=1");
}

TEST(ServiceManager, IsNotHandedOnToHooks) {
  const Manager manager;
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  const serve::ServiceManager told;
  EXPECT_EQ(told.alive_every(), 15s);
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);
}

TEST(ServiceManager, WithoutOneNothingIsSaid) {
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
  const serve::ServiceManager told;
  told.ready("listening");
  EXPECT_EQ(told.alive_every(), std::nullopt);
}

}  // namespace
}  // namespace guard::test
