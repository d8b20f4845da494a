// SPDX-License-Identifier: Apache-2.0
#include "guard/client/release_answer.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "guard/base/printable.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::client {
namespace {

// Reads members one after another and keeps the first thing that is wrong, so that a struct is read line by line.
class Reader {
 public:
  Reader(const json::value& value, std::string path) {
    auto object = JsonObject::of(value, std::move(path));
    if (object)
      object_ = *object;
    else
      error_ = object.error();
  }

  void block(std::string_view key, std::string& out) {
    if (const auto value = take(&JsonObject::string_or, key, std::string_view{})) out = printable(*value, Lines::many);
  }
  void text(std::string_view key, std::string& out) {
    block(key, out);
    std::replace(out.begin(), out.end(), '\n', ' ');
  }
  void flag(std::string_view key, bool& out) {
    if (const auto value = take(&JsonObject::boolean_or, key, false)) out = *value;
  }
  void number(std::string_view key, std::int64_t& out) {
    if (const auto value = take(&JsonObject::integer_or, key, std::int64_t{0})) out = *value;
  }
  void time(std::string_view key, std::optional<WallTime>& out) {
    const auto value = take(&JsonObject::string_or, key, std::string_view{});
    if (!value || value->empty()) return;
    const auto read = parse_time(*value);
    if (!read) return stop(fmt::format("{}: {}", object_->path_of(key), read.error().message));
    out = *read;
  }
  // The member of an object of texts, for example one annotation.
  void inner_text(std::string_view key, const std::string& name, std::string& out) {
    if (!object_) return;
    const auto map = object_->string_map(key);
    if (!map) return stop(map.error().message);
    if (const auto found = map->find(name); found != map->end()) out = printable(found->second, Lines::many);
  }
  void texts(std::string_view key, std::vector<std::string>& out) {
    const auto* member = object_ ? object_->find(key) : nullptr;
    if (member == nullptr) return;
    const auto* array = member->if_array();
    if (array == nullptr) return stop(fmt::format("{} must be a list", object_->path_of(key)));
    for (const auto& item : *array) {
      if (!item.is_string()) return stop(fmt::format("{} must be a list of texts", object_->path_of(key)));
      out.push_back(printable(item.get_string(), Lines::many));
    }
  }
  template <class T>
  void inner(std::string_view key, T& out, T (*read)(Reader&)) {
    const auto* member = object_ ? object_->find(key) : nullptr;
    if (member == nullptr) return;
    Reader reader(*member, object_->path_of(key));
    out = read(reader);
    if (reader.error_) stop(reader.error_->message);
  }
  template <class T>
  void list(std::string_view key, std::vector<T>& out, T (*read)(Reader&)) {
    const auto* member = object_ ? object_->find(key) : nullptr;
    if (member == nullptr) return;
    const auto* array = member->if_array();
    if (array == nullptr) return stop(fmt::format("{} must be a list", object_->path_of(key)));
    for (const auto& item : *array) {
      Reader inner(item, fmt::format("{}[{}]", object_->path_of(key), out.size()));
      out.push_back(read(inner));
      if (inner.error_) return stop(inner.error_->message);
    }
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  template <class T, class Fallback>
  std::optional<T> take(Result<T> (JsonObject::*member)(std::string_view, Fallback) const, std::string_view key,
                        Fallback fallback) {
    if (!object_) return std::nullopt;
    auto value = (*object_.*member)(key, fallback);
    if (!value) stop(value.error().message);
    return value ? std::optional(std::move(*value)) : std::nullopt;
  }
  void stop(std::string message) {
    if (!error_) error_ = Error{ErrorCode::broken, std::move(message)};
  }

  std::optional<JsonObject> object_;
  std::optional<Error> error_;
};

RuleAnswer rule(Reader& from) {
  RuleAnswer out;
  from.text("slo", out.slo);
  from.text("action", out.action);
  from.text("objective", out.objective);
  from.text("value_text", out.value_text);
  from.text("verdict", out.verdict);
  from.text("reason", out.reason);
  from.text("reading_reason", out.reading_reason);
  from.time("since", out.since);
  from.time("read_at", out.read_at);
  from.text("explanation", out.explanation);
  from.text("query", out.query);
  from.text("condition", out.condition);
  from.inner_text("annotations", "runbook_url", out.runbook_url);
  return out;
}

AttemptAnswer attempt(Reader& from) {
  AttemptAnswer out;
  from.number("number", out.number);
  from.text("result", out.result);
  from.text("detail", out.detail);
  from.block("output", out.output);
  return out;
}

DecisionAnswer decision(Reader& from) {
  DecisionAnswer out;
  from.number("number", out.number);
  from.text("kind", out.kind);
  from.text("trigger", out.trigger);
  from.text("brake", out.brake);
  from.text("reason", out.reason);
  from.text("actor", out.actor);
  from.time("at", out.at);
  from.text("state", out.state);
  from.text("hook", out.hook);
  from.list("attempts", out.attempts, attempt);
  return out;
}

NextAnswer next(Reader& from) {
  NextAnswer out;
  from.text("what", out.what);
  from.time("at", out.at);
  return out;
}

TimelineAnswer event(Reader& from) {
  TimelineAnswer out;
  from.time("at", out.at);
  from.text("kind", out.kind);
  from.text("message", out.message);
  return out;
}

void what_it_is(Reader& from, ReleaseAnswer& out) {
  from.text("id", out.id);
  from.text("service", out.service);
  from.text("environment", out.environment);
  from.text("version", out.version);
  from.text("previous_version", out.previous_version);
  from.text("kind", out.kind);
  from.text("group", out.group);
  from.text("mode", out.mode);
  from.text("hook", out.hook);
}

ReleaseAnswer release(Reader& from) {
  ReleaseAnswer out;
  what_it_is(from, out);
  from.text("phase", out.phase);
  from.time("phase_since", out.phase_since);
  from.text("reason", out.reason);
  from.flag("final", out.final);
  from.flag("paused", out.paused);
  from.time("live_at", out.live_at);
  from.time("settle_end", out.settle_end);
  from.time("window_end", out.window_end);
  from.time("verify_end", out.verify_end);
  from.time("held_again_at", out.held_again_at);
  from.time("broken_again_at", out.broken_again_at);
  from.text("needs_person", out.needs_person);
  from.texts("broke", out.broke);
  from.list("next", out.next, next);
  from.list("rules", out.rules, rule);
  from.list("decisions", out.decisions, decision);
  from.list("timeline", out.timeline, event);
  std::int64_t before = 0;
  from.number("timeline_before", before);
  out.timeline_is_cut = before > 0;
  return out;
}

InForceAnswer::Freeze freeze(Reader& from) {
  InForceAnswer::Freeze out;
  from.time("until", out.until);
  from.text("reason", out.reason);
  return out;
}

InForceAnswer in_force(Reader& from) {
  InForceAnswer out;
  from.flag("kill_switch", out.kill_switch);
  from.list("freezes", out.freezes, freeze);
  return out;
}

std::unexpected<Error> not_understood(const std::string& why) {
  return fail(ErrorCode::broken,
              fmt::format("the answer is not that of a guard of this version: {}; is --server right, are guard and "
                          "command line of one version?",
                          why));
}

}  // namespace

Result<ReleaseAnswer> read_release(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  Reader reader(*value, "");
  auto out = release(reader);
  if (reader.error()) return not_understood(reader.error()->message);
  if (out.id.empty() || out.phase.empty()) return not_understood("id or phase is missing");
  return out;
}

Result<ListAnswer> read_releases(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("releases")) return not_understood("releases is missing");
  Reader reader(*value, "");
  ListAnswer out;
  reader.list("releases", out.releases, release);
  reader.inner("in_force", out.in_force, in_force);
  if (reader.error()) return not_understood(reader.error()->message);
  return out;
}

}  // namespace guard::client
