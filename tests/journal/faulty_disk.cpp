// SPDX-License-Identifier: Apache-2.0
#include "tests/journal/faulty_disk.hpp"

#include <cstddef>
#include <new>

#include <sqlite3.h>

namespace guard::journal::test {
namespace {

enum class Fault { none, full, no_sync };

Fault fault = Fault::none;
sqlite3_vfs* real = nullptr;
sqlite3_vfs shim;

// SQLite allocates szOsFile bytes for each file: ours first, the real one's behind it.
struct ShimFile {
  sqlite3_file base;
  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* inner(sqlite3_file* file) {
  return reinterpret_cast<ShimFile*>(file)->inner();
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  sqlite3_int64 length = 0;
  inner(file)->pMethods->xFileSize(inner(file), &length);
  if (fault == Fault::full && offset + size > length) return SQLITE_FULL;
  return inner(file)->pMethods->xWrite(inner(file), data, size, offset);
}

int sync(sqlite3_file* file, int flags) {
  if (fault == Fault::no_sync) return SQLITE_IOERR_FSYNC;
  return inner(file)->pMethods->xSync(inner(file), flags);
}

// Version 1: no shared memory and no memory mapping, so that every access comes through here.
const sqlite3_io_methods methods{
    1,
    [](sqlite3_file* f) { return inner(f)->pMethods->xClose(inner(f)); },
    [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return inner(f)->pMethods->xRead(inner(f), to, n, at); },
    write,
    [](sqlite3_file* f, sqlite3_int64 n) { return inner(f)->pMethods->xTruncate(inner(f), n); },
    sync,
    [](sqlite3_file* f, sqlite3_int64* n) { return inner(f)->pMethods->xFileSize(inner(f), n); },
    [](sqlite3_file* f, int level) { return inner(f)->pMethods->xLock(inner(f), level); },
    [](sqlite3_file* f, int level) { return inner(f)->pMethods->xUnlock(inner(f), level); },
    [](sqlite3_file* f, int* out) { return inner(f)->pMethods->xCheckReservedLock(inner(f), out); },
    [](sqlite3_file* f, int op, void* arg) { return inner(f)->pMethods->xFileControl(inner(f), op, arg); },
    [](sqlite3_file* f) { return inner(f)->pMethods->xSectorSize(inner(f)); },
    [](sqlite3_file* f) { return inner(f)->pMethods->xDeviceCharacteristics(inner(f)); },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* ours = new (file) ShimFile{};
  const int code = real->xOpen(real, name, ours->inner(), flags, out_flags);
  ours->base.pMethods = ours->inner()->pMethods == nullptr ? nullptr : &methods;
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  real = sqlite3_vfs_find(nullptr);
  shim = *real;
  shim.zName = "faulty";
  shim.szOsFile = static_cast<int>(sizeof(ShimFile)) + real->szOsFile;
  shim.xOpen = open;
  sqlite3_vfs_register(&shim, 1);
}

FaultyDisk::~FaultyDisk() {
  repair();
  sqlite3_vfs_unregister(&shim);
  sqlite3_vfs_register(real, 1);
}

void FaultyDisk::fill() const {
  fault = Fault::full;
}

void FaultyDisk::fail_sync() const {
  fault = Fault::no_sync;
}

void FaultyDisk::repair() const {
  fault = Fault::none;
}

}  // namespace guard::journal::test
