// SPDX-License-Identifier: Apache-2.0
#include "guard/journal/event_json.hpp"

#include "guard/journal/stored_json.hpp"

#include <fmt/format.h>

// `fields` is found by argument-dependent lookup through the archive, so it stands in the archive's own namespace.
namespace guard::journal {

template <class Archive, Is<core::PhaseChanged> T>
void fields(Archive& archive, T& changed) {
  archive("from", changed.from);
  archive("to", changed.to);
}

template <class Archive, Is<core::VerdictChanged> T>
void fields(Archive& archive, T& changed) {
  archive("slo", changed.slo);
  archive("from", changed.from);
  archive("to", changed.to);
  archive("reason", changed.reason);
}

template <class Archive, Is<core::Decided> T>
void fields(Archive& archive, T& decided) {
  archive("decision", decided.decision);
  archive("kind", decided.kind);
  archive("brake", decided.brake);
  archive("slo", decided.slo);
}

template <class Archive, Is<core::Attempted> T>
void fields(Archive& archive, T& attempted) {
  archive("decision", attempted.decision);
  archive("attempt", attempted.attempt);
  archive("state", attempted.state);
}

template <class Archive, Is<core::Signalled> T>
void fields(Archive& archive, T& signalled) {
  archive("name", signalled.name);
  archive("succeeded", signalled.succeeded);
}

template <class Archive, Is<core::Ordered> T>
void fields(Archive& archive, T& ordered) {
  archive("order", ordered.order);
  archive("actor", ordered.actor);
}

template <class Archive, Is<core::Gap> T>
void fields(Archive& archive, T& gap) {
  archive("made_up", gap.made_up);
}

template <class Archive, Is<core::Note> T>
void fields(Archive& /*archive*/, T& /*note*/) {}

namespace {

template <class T>
Result<core::Happening> read(const json::value& value) {
  auto read = JsonReader::read_whole<T>(value);
  if (!read) return std::unexpected(read.error());
  return core::Happening(std::move(*read));
}

Result<core::Happening> read(core::EventKind kind, const json::value& value) {
  switch (kind) {
    case core::EventKind::phase:
      return read<core::PhaseChanged>(value);
    case core::EventKind::verdict:
      return read<core::VerdictChanged>(value);
    case core::EventKind::decision:
      return read<core::Decided>(value);
    case core::EventKind::attempt:
      return read<core::Attempted>(value);
    case core::EventKind::signal:
      return read<core::Signalled>(value);
    case core::EventKind::ordered:
      return read<core::Ordered>(value);
    case core::EventKind::gap:
      return read<core::Gap>(value);
    case core::EventKind::note:
      return read<core::Note>(value);
  }
  return fail(ErrorCode::invalid, "an unknown kind of event");
}

// Of Told there is nothing to store but the kind, which stands beside.
struct Write {
  std::string operator()(const core::Told& /*told*/) const { return ""; }
  template <class T>
  std::string operator()(const T& what) const {
    return json::serialize(JsonWriter::write(what));
  }
};

}  // namespace

std::string encode(const core::Happening& what) {
  return std::visit(Write{}, what);
}

Result<core::Happening> decode_happening(std::string_view kind, std::string_view text) {
  const auto known = from_string<core::EventKind>(kind);
  if (!known) return fail(ErrorCode::invalid, fmt::format("\"{}\" is no kind of event", kind));
  if (text.empty()) return core::Told{*known};
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return read(*known, *value);
}

}  // namespace guard::journal
