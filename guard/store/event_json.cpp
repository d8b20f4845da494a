// SPDX-License-Identifier: Apache-2.0
#include "guard/store/event_json.hpp"

#include "guard/store/stored_json.hpp"

#include <fmt/format.h>

// `fields` is found by argument-dependent lookup through the archive, so it stands in the archive's own namespace.
namespace guard::store {

template <class Archive, Is<model::PhaseChanged> T>
void fields(Archive& archive, T& changed) {
  archive("from", changed.from);
  archive("to", changed.to);
}

template <class Archive, Is<model::VerdictChanged> T>
void fields(Archive& archive, T& changed) {
  archive("slo", changed.slo);
  archive("from", changed.from);
  archive("to", changed.to);
  archive("reason", changed.reason);
}

template <class Archive, Is<model::Decided> T>
void fields(Archive& archive, T& decided) {
  archive("decision", decided.decision);
  archive("kind", decided.kind);
  archive("brake", decided.brake);
  archive("slo", decided.slo);
}

template <class Archive, Is<model::Attempted> T>
void fields(Archive& archive, T& attempted) {
  archive("decision", attempted.decision);
  archive("attempt", attempted.attempt);
  archive("state", attempted.state);
}

template <class Archive, Is<model::Signalled> T>
void fields(Archive& archive, T& signalled) {
  archive("name", signalled.name);
  archive("succeeded", signalled.succeeded);
}

template <class Archive, Is<model::Ordered> T>
void fields(Archive& archive, T& ordered) {
  archive("order", ordered.order);
  archive("actor", ordered.actor);
}

template <class Archive, Is<model::Gap> T>
void fields(Archive& archive, T& gap) {
  archive("made_up", gap.made_up);
}

template <class Archive, Is<model::Note> T>
void fields(Archive& /*archive*/, T& /*note*/) {}

namespace {

template <class T>
Result<model::Happening> read(const json::value& value) {
  auto read = JsonReader::read_whole<T>(value);
  if (!read) return std::unexpected(read.error());
  return model::Happening(std::move(*read));
}

Result<model::Happening> read(model::EventKind kind, const json::value& value) {
  switch (kind) {
    case model::EventKind::phase:
      return read<model::PhaseChanged>(value);
    case model::EventKind::verdict:
      return read<model::VerdictChanged>(value);
    case model::EventKind::decision:
      return read<model::Decided>(value);
    case model::EventKind::attempt:
      return read<model::Attempted>(value);
    case model::EventKind::signal:
      return read<model::Signalled>(value);
    case model::EventKind::ordered:
      return read<model::Ordered>(value);
    case model::EventKind::gap:
      return read<model::Gap>(value);
    case model::EventKind::note:
      return read<model::Note>(value);
  }
  return fail(ErrorCode::invalid, "an unknown kind of event");
}

// Of Told there is nothing to store but the kind, which stands beside.
struct Write {
  std::string operator()(const model::Told& /*told*/) const { return ""; }
  template <class T>
  std::string operator()(const T& what) const {
    return json::serialize(JsonWriter::write(what));
  }
};

}  // namespace

std::string encode(const model::Happening& what) {
  return std::visit(Write{}, what);
}

Result<model::Happening> decode_happening(std::string_view kind, std::string_view text) {
  const auto known = from_string<model::EventKind>(kind);
  if (!known) return fail(ErrorCode::invalid, fmt::format("\"{}\" is no kind of event", kind));
  if (text.empty()) return model::Told{*known};
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return read(*known, *value);
}

}  // namespace guard::store
