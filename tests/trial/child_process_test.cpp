// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/child_process.hpp"

#include "guard/base/file.hpp"
#include "guard/base/system_clock.hpp"
#include "tests/support/folder.hpp"

#include <charconv>
#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

namespace guard::trial {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Child : public testing::Test {
 protected:
  fs::path log() const { return folder_ / "log"; }
  // What `look` gives, once it gives something.
  template <class Look>
  auto awaited(const Look& look) const {
    const SystemClock clock;
    const auto end = clock.now().mono + 10s;
    auto found = look();
    for (; !found && clock.now().mono < end; found = look()) let_pass(5ms);
    return found;
  }

 private:
  const test::Folder folder_;
};

TEST_F(Child, TellsHowItEndedAndWritesItsLog) {
  ChildProcess child({"sh", "-c", "echo last words >&2; exit 3"}, log());
  EXPECT_EQ(awaited([&] { return child.ended(); }), 3);
  EXPECT_EQ(read_file(log()), "last words\n");
}

TEST_F(Child, AProgramThatIsNotThereIsNotRun) {
  ChildProcess child({"release-guard-no-such-program"}, log());
  EXPECT_EQ(awaited([&] { return child.ended(); }), ChildProcess::not_run);
}

TEST_F(Child, EndsWithTheObject) {
  std::optional<pid_t> pid;
  {
    ChildProcess child({"sh", "-c", "echo $$; read forever < /dev/zero; while :; do :; done"}, log());
    pid = awaited([&]() -> std::optional<pid_t> {
      const auto text = read_file(log()).value_or("");
      pid_t said = 0;
      std::from_chars(text.data(), text.data() + text.size(), said);
      return text.ends_with('\n') ? std::optional(said) : std::nullopt;
    });
    ASSERT_TRUE(pid);
    EXPECT_EQ(::kill(*pid, 0), 0);
  }
  EXPECT_NE(::kill(*pid, 0), 0);
}

TEST_F(Child, ASignalThatIsHeldStrikesAfterwards) {
  EXPECT_EXIT(
      {
        {
          const HeldSignals held;
          ::kill(::getpid(), SIGTERM);
          ::write(STDERR_FILENO, "cleaned up", 10);
        }
        ::_exit(0);
      },
      testing::KilledBySignal(SIGTERM), "cleaned up");
}

}  // namespace
}  // namespace guard::trial
