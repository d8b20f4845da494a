// SPDX-License-Identifier: Apache-2.0
#include "tests/store/faulty_disk.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>
#include <random>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace guard::store::test {
namespace {

enum class Fault { none, full, no_sync, power_off };

Fault fault = Fault::none;
sqlite3_vfs* real = nullptr;
sqlite3_vfs shim;

// One write, or with `cut` a truncation to `offset`.
struct Change {
  std::size_t offset = 0;
  std::string data;
  bool cut = false;

  void apply(std::string& content) const {
    if (cut || content.size() < offset + data.size()) content.resize(offset + data.size());
    content.replace(offset, data.size(), data);
  }
};

struct Image {
  bool exists = false;  // its name is durable
  std::string durable;
  std::vector<Change> pending;  // not synced yet
};

std::map<std::string, Image> images;  // by path
int operations_left = -1;             // until the power fails; negative: it does not

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool powered() {
  if (operations_left >= 0 && operations_left-- == 0) fault = Fault::power_off;
  return fault != Fault::power_off;
}

// SQLite allocates szOsFile bytes for each file: ours first, the real one's behind it.
struct ShimFile {
  sqlite3_file base;
  Image* image;
  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* inner(sqlite3_file* file) {
  return reinterpret_cast<ShimFile*>(file)->inner();
}

Image& image(sqlite3_file* file) {
  return *reinterpret_cast<ShimFile*>(file)->image;
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  sqlite3_int64 length = 0;
  inner(file)->pMethods->xFileSize(inner(file), &length);
  if (fault == Fault::full && offset + size > length) return SQLITE_FULL;
  if (!powered()) return SQLITE_IOERR_WRITE;
  const std::string bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
  image(file).pending.push_back({static_cast<std::size_t>(offset), bytes});
  return inner(file)->pMethods->xWrite(inner(file), data, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (!powered()) return SQLITE_IOERR_TRUNCATE;
  image(file).pending.push_back({static_cast<std::size_t>(size), {}, true});
  return inner(file)->pMethods->xTruncate(inner(file), size);
}

int sync(sqlite3_file* file, int flags) {
  if (fault == Fault::no_sync || !powered()) return SQLITE_IOERR_FSYNC;
  for (const auto& change : image(file).pending) change.apply(image(file).durable);
  image(file).pending.clear();
  image(file).exists = true;
  return inner(file)->pMethods->xSync(inner(file), flags);
}

// Version 1: no shared memory and no memory mapping, so that every access comes through here.
const sqlite3_io_methods methods{
    1,
    [](sqlite3_file* f) { return inner(f)->pMethods->xClose(inner(f)); },
    [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return inner(f)->pMethods->xRead(inner(f), to, n, at); },
    write,
    truncate,
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
  const std::string path = name == nullptr ? "" : name;
  ours->image = &images[path];
  *ours->image = {std::filesystem::exists(path), content_of(path), {}};
  const int code = real->xOpen(real, name, ours->inner(), flags, out_flags);
  ours->base.pMethods = ours->inner()->pMethods == nullptr ? nullptr : &methods;
  return code;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
  if (!powered()) return SQLITE_IOERR_DELETE;
  images.erase(name);
  return real->xDelete(real, name, sync_folder);
}

}  // namespace

FaultyDisk::FaultyDisk() {
  real = sqlite3_vfs_find(nullptr);
  shim = *real;
  shim.zName = "faulty";
  shim.szOsFile = static_cast<int>(sizeof(ShimFile)) + real->szOsFile;
  shim.xOpen = open;
  shim.xDelete = remove;
  sqlite3_vfs_register(&shim, 1);
}

FaultyDisk::~FaultyDisk() {
  repair();
  images.clear();
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
  operations_left = -1;
}

void FaultyDisk::cut_power_after(int operations) const {
  operations_left = operations;
}

bool FaultyDisk::power_is_off() const {
  return fault == Fault::power_off;
}

void FaultyDisk::restore_power(std::uint64_t seed) const {
  repair();
  std::mt19937_64 chance(seed);
  for (auto& [path, image] : images) {
    for (const auto& change : image.pending)
      if (chance() % 2 == 0) change.apply(image.durable);
    std::filesystem::remove(path);
    if (image.exists || chance() % 2 == 0) std::ofstream(path, std::ios::binary) << image.durable;
  }
  images.clear();
}

}  // namespace guard::store::test
