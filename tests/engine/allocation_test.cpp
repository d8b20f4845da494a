// SPDX-License-Identifier: Apache-2.0
//
// Memory that cannot be had: the guard ends at that point, wherever it is, and the next one goes on from what is
// stored. Whatever allocation fails, the hook is called once, or a person is told that nobody knows.
//
// A sanitizer has allocation functions of its own, and ours beside them would be a fault to it.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include "tests/engine/watching.hpp"

#include <cstdlib>
#include <new>
#include <utility>

namespace {

// How many more allocations succeed on this thread; below zero: all.
thread_local long left = -1;

}  // namespace

void* operator new(std::size_t size) {
  if (left == 0) {
    left = -1;  // once: what handles the failure may allocate
    throw std::bad_alloc();
  }
  if (left > 0) --left;
  if (auto* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*nothrow*/) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace guard::test {
namespace {

// Announcing twice is the same as once.
void live_through(World& world) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(12s);
}

// A bad release from its announcement to its rollback, while the `nth` allocation fails; false where there are fewer.
bool fails_at(long nth) {
  World world;
  world.metrics->now[error_rate] = one(0.2);
  left = nth;
  try {
    live_through(world);
  } catch (const std::bad_alloc&) {
    world.restart();
    live_through(world);
  }
  const bool failed = std::exchange(left, -1) < 0;
  EXPECT_LE(world.hook->calls.size(), 1U) << "allocation " << nth;
  // Where it failed between the intent and the call, nobody knows whether it was made.
  if (world.hook->calls.empty()) {
    EXPECT_EQ(world.phase("r1"), Phase::rollback_failed) << "allocation " << nth;
    EXPECT_TRUE(world.view("r1").needs_person) << "allocation " << nth;
  }
  return failed;
}

TEST(Allocation, Fault64WhereverItFailsTheHookIsCalledOnceOrAPersonIsTold) {
  long nth = 1;
  while (fails_at(nth)) nth += 1 + nth / 40;
  EXPECT_GT(nth, 1000) << "the story itself allocates more than that";
}

}  // namespace
}  // namespace guard::test

#endif
