// SPDX-License-Identifier: Apache-2.0
//
// A disk that fails on demand: an SQLite VFS in front of the real one (sqlite.org/vfs.html, "shims"). It is SQLite's
// default while it lives; one at a time, for databases of one thread.
#pragma once

namespace guard::journal::test {

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  void fill() const;       // every write of new bytes fails for want of room
  void fail_sync() const;  // every sync fails
  void repair() const;
};

}  // namespace guard::journal::test
