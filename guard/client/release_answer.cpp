// SPDX-License-Identifier: Apache-2.0
#include "guard/client/release_answer.hpp"

#include "guard/base/json.hpp"
#include "guard/client/view_reader.hpp"

#include <fmt/format.h>

namespace guard::client {

void fields(ViewReader& from, ReleaseAnswer& out) {
  story::ReleaseViewOf<story::ByText>& release = out;
  story::TimelineViewOf<story::ByText>& timeline = out;
  story::summary_fields(from, release);
  story::evidence_fields(from, release);
  story::fields(from, timeline);
}

void fields(ViewReader& from, ListAnswer& out) {
  from("releases", out.releases);
  from("in_force", out.in_force);
}

namespace {

struct FreezeList {
  std::vector<FreezeAnswer> freezes;
};

void fields(ViewReader& from, FreezeList& out) {
  from("freezes", out.freezes);
}

std::unexpected<Error> not_understood(const std::string& why) {
  return fail(ErrorCode::broken,
              fmt::format("the answer is not that of a guard of this version: {}; is --server right, are guard and "
                          "command line of one version?",
                          why));
}

template <class T>
Result<T> read(const json::value& value) {
  ViewReader reader(value, "");
  using story::fields;
  T out;
  fields(reader, out);
  if (reader.error()) return not_understood(reader.error()->message);
  return out;
}

}  // namespace

Result<ReleaseAnswer> read_release(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  auto out = read<ReleaseAnswer>(*value);
  if (out && (out->spec.id.empty() || out->phase.empty())) return not_understood("id or phase is missing");
  return out;
}

Result<ListAnswer> read_releases(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("releases")) return not_understood("releases is missing");
  return read<ListAnswer>(*value);
}

Result<FreezeAnswer> read_freeze(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  return read<FreezeAnswer>(*value);
}

Result<GateAnswer> read_gate(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("open")) return not_understood("open is missing");
  return read<GateAnswer>(*value);
}

Result<FiguresAnswer> read_figures(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("all")) return not_understood("all is missing");
  return read<FiguresAnswer>(*value);
}

Result<std::vector<FreezeAnswer>> read_freezes(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  auto list = read<FreezeList>(*value);
  if (!list) return std::unexpected(list.error());
  return std::move(list->freezes);
}

Result<story::PreflightView> read_preflight(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return not_understood(value.error().message);
  const auto* object = value->if_object();
  if (object == nullptr || !object->contains("checks")) return not_understood("checks is missing");
  return read<story::PreflightView>(*value);
}

}  // namespace guard::client
