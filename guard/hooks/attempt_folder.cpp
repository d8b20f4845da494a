// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/attempt_folder.hpp"

#include "guard/base/digest.hpp"
#include "guard/base/durable_folder.hpp"
#include "guard/base/file.hpp"
#include "guard/base/json.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/file.h>

namespace guard::hooks {
namespace {

namespace fs = std::filesystem;

// The largest output that can be configured, with every byte of it escaped, fits well.
constexpr std::size_t largest_result = std::size_t{256} << 20U;

// True also where it cannot be told, so that a command that may have run is never run again.
bool may_exist(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error) || (error && error != std::errc::no_such_file_or_directory);
}

json::array strings(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& text : list) out.emplace_back(text);
  return out;
}

Result<std::vector<std::string>> string_list(const JsonObject& object, std::string_view key) {
  const auto* member = object.find(key);
  if (member == nullptr || !member->is_array())
    return fail(ErrorCode::invalid, object.path_of(key) + " must be an array");
  std::vector<std::string> out;
  for (const auto& value : member->get_array()) {
    if (!value.is_string()) return fail(ErrorCode::invalid, object.path_of(key) + " must hold strings");
    out.emplace_back(value.get_string());
  }
  return out;
}

Result<int> open_lock(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorCode::internal, fmt::format("{}: {}", path.string(), std::strerror(errno)));
  return fd;
}

std::unexpected<Error> lock_failed(int fd, const fs::path& path) {
  const std::string why = std::strerror(errno);
  ::close(fd);
  return fail(ErrorCode::internal, fmt::format("{}: cannot lock: {}", path.string(), why));
}

Result<JsonObject> object_in(const fs::path& path, json::value& storage) {
  const auto text = read_file(path, largest_result);
  if (!text) return std::unexpected(text.error());
  auto value = parse_json(*text);
  if (!value) return fail(ErrorCode::invalid, fmt::format("{}: {}", path.string(), value.error().message));
  storage = std::move(*value);
  return JsonObject::of(storage, path.filename().string());
}

}  // namespace

Result<FileLock> FileLock::wait(const fs::path& path) {
  const auto fd = open_lock(path);
  if (!fd) return std::unexpected(fd.error());
  while (::flock(*fd, LOCK_EX) != 0)
    if (errno != EINTR) return lock_failed(*fd, path);
  return FileLock(*fd);
}

Result<std::optional<FileLock>> FileLock::try_take(const fs::path& path) {
  const auto fd = open_lock(path);
  if (!fd) return std::unexpected(fd.error());
  if (::flock(*fd, LOCK_EX | LOCK_NB) == 0) return std::optional<FileLock>(FileLock(*fd));
  if (errno != EWOULDBLOCK) return lock_failed(*fd, path);
  ::close(*fd);
  return std::optional<FileLock>{};
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

fs::path attempts_root(const fs::path& state) {
  return state / "hooks";
}

std::string attempts_name(const std::string& key, WallTime decided_at) {
  return digest(fmt::format("{} {}", decided_at.time_since_epoch().count(), key));
}

AttemptFolder AttemptFolder::current(const fs::path& state, const HookCall& call) {
  const auto base = attempts_root(state) / attempts_name(call.key, call.decided_at);
  AttemptFolder folder(base / fmt::to_string(call.attempt));
  // A supervisor that comes late to an abandoned folder must find it abandoned for ever, so the next go has its own.
  for (int go = 2; folder.abandoned(); ++go) folder = AttemptFolder(base / fmt::format("{}.{}", call.attempt, go));
  return folder;
}

Result<void> AttemptFolder::prepare(const AttemptSpec& spec) const {
  if (auto made = make_folder(path_); !made) return made;
  const json::object body{{"key", spec.key},
                          {"argv", strings(spec.argv)},
                          {"dir", spec.dir.string()},
                          {"inherited", strings(spec.inherited)},
                          {"given", strings(spec.given)},
                          {"timeout_ms", spec.timeout.count()},
                          {"grace_ms", spec.grace.count()},
                          {"output_cap", spec.output_cap},
                          {"boot", spec.lifespan.boot},
                          {"first_process", spec.lifespan.first_process}};
  return write_file_durably(path_ / "spec.json", json::serialize(body));
}

Result<AttemptSpec> AttemptFolder::spec() const {
  json::value storage;
  const auto object = object_in(path_ / "spec.json", storage);
  if (!object) return std::unexpected(object.error());
  const auto key = object->string("key");
  const auto argv = string_list(*object, "argv");
  const auto inherited = string_list(*object, "inherited");
  const auto given = string_list(*object, "given");
  const auto dir = object->string("dir");
  const auto timeout = object->integer_or("timeout_ms", 0);
  const auto grace = object->integer_or("grace_ms", 0);
  const auto cap = object->integer_or("output_cap", 0);
  if (!key || !argv || argv->empty() || !inherited || !given || !dir || !timeout || !grace || !cap)
    return fail(ErrorCode::invalid, (path_ / "spec.json").string() + ": not a hook specification");
  AttemptSpec spec{
      *key, *argv, *dir, *inherited, *given, Duration(*timeout), Duration(*grace), static_cast<std::size_t>(*cap), {}};
  // Versions before did not write it.
  spec.lifespan.boot = object->string_or("boot", "").value_or("");
  spec.lifespan.first_process = object->string_or("first_process", "").value_or("");
  return spec;
}

Result<void> AttemptFolder::mark_started() const {
  return write_file_durably(path_ / "started", "started\n");
}
Result<void> AttemptFolder::mark_abandoned() const {
  return write_file_durably(path_ / "abandoned", "abandoned\n");
}

Result<void> AttemptFolder::store(const HookResult& result) const {
  const json::object body{{"result", to_string(result.result)},
                          {"detail", result.detail},
                          {"output", result.output},
                          {"took_ms", result.took.count()}};
  return write_file_durably(path_ / "result.json", json::serialize(body));
}

bool AttemptFolder::prepared() const {
  return may_exist(path_ / "spec.json");
}
bool AttemptFolder::started() const {
  return may_exist(path_ / "started");
}
bool AttemptFolder::abandoned() const {
  std::error_code error;
  return fs::exists(path_ / "abandoned", error);
}

std::optional<HookResult> AttemptFolder::result() const {
  json::value storage;
  const auto object = object_in(path_ / "result.json", storage);
  if (!object) return std::nullopt;
  HookResult result;
  result.result = from_string<model::AttemptResult>(object->string_or("result", "").value_or(""))
                      .value_or(model::AttemptResult::unknown);
  result.detail = object->string_or("detail", "").value_or("");
  result.output = object->string_or("output", "").value_or("");
  result.took = Duration(object->integer_or("took_ms", 0).value_or(0));
  return result;
}

}  // namespace guard::hooks
