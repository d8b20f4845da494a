// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/service_manager.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

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

// Sockets stand from descriptor 3 on; what this process has there is put back.
class PassedOn : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_FDNAMES", "web", 1);
    saved_ = ::dup(3);
    ASSERT_EQ(::dup2(STDERR_FILENO, 3), 3);
  }
  void TearDown() override {
    if (saved_ >= 0) {
      ::dup2(saved_, 3);
      ::close(saved_);
    } else {
      ::close(3);
    }
  }

 private:
  int saved_ = -1;
};

TEST_F(PassedOn, SocketsAreForThisProcessAndNotForHooks) {
  const serve::ServiceManager manager;
  EXPECT_EQ(manager.sockets(), std::vector<int>{3});
  EXPECT_EQ(::fcntl(3, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  for (const auto* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) EXPECT_EQ(std::getenv(name), nullptr) << name;
}

TEST_F(PassedOn, ThoseOfAnotherProcessAreLeftAlone) {
  ::setenv("LISTEN_PID", std::to_string(::getppid()).c_str(), 1);
  EXPECT_TRUE(serve::ServiceManager().sockets().empty());
  EXPECT_EQ(::fcntl(3, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
}

TEST_F(PassedOn, WhatIsNoNumberIsNone) {
  for (const auto* count : {"", "x", "-1", "1x", "0"}) {
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", count, 1);
    EXPECT_TRUE(serve::ServiceManager().sockets().empty()) << count;
  }
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
