// SPDX-License-Identifier: Apache-2.0
//
// A disk that fails on demand: an SQLite VFS in front of the real one (sqlite.org/vfs.html, "shims"). It is SQLite's
// default while it lives; one at a time, for databases of one thread.
#pragma once

#include <cstdint>

namespace guard::store::test {

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  void fill() const;       // every write of new bytes fails for want of room
  void fail_sync() const;  // every sync fails
  void repair() const;

  // The power fails at the `operations`-th write, truncation or sync from now on: it and all later ones fail.
  void cut_power_after(int operations) const;
  bool power_is_off() const;
  // Leaves in the files, which are closed, what a real disk may hold then: all that was synced, and of the rest any
  // part (`seed` chooses). What was in a file when it was opened counts as synced.
  void restore_power(std::uint64_t seed) const;
};

}  // namespace guard::store::test
