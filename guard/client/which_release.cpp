// SPDX-License-Identifier: Apache-2.0
#include "guard/client/which_release.hpp"

#include "guard/client/release_answer.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace guard::client {
namespace {

using Found = std::vector<ReleaseAnswer>;

constexpr std::size_t most_named = 5;
constexpr std::size_t most_listed = 1000;      // as many as the guard lists at once
constexpr std::size_t shortest_beginning = 4;  // as with Git

Result<Found> list(const GuardApi& api, Query query) {
  query.emplace_back("limit", fmt::to_string(most_listed));
  const auto body = api.get(releases_path(query));
  if (!body) return std::unexpected(body.error());
  auto answer = read_releases(*body);
  if (!answer) return std::unexpected(answer.error());
  return std::move(answer->releases);
}

std::string named(const Found& found) {
  std::string out;
  for (std::size_t i = 0; i < std::min(found.size(), most_named); ++i)
    out += fmt::format("{}{} ({} {} in {}, {})", i == 0 ? "" : ", ", found[i].spec.id, found[i].spec.service,
                       found[i].spec.version, found[i].spec.environment, found[i].phase);
  return out + (found.size() > most_named ? ", …" : "");
}

std::unexpected<Error> several(const Found& found, std::string_view advice) {
  return fail(ErrorCode::conflict, fmt::format("{} releases are meant: {}; {}", found.size(), named(found), advice));
}

// The id of the one release that begins like this; `unknown` where none does.
Result<std::string> whole_id(const GuardApi& api, const std::string& beginning, const Error& unknown) {
  if (beginning.size() < shortest_beginning) return std::unexpected(unknown);
  auto all = list(api, {});
  if (!all) return std::unexpected(all.error());
  const bool cut = all->size() >= most_listed;
  std::erase_if(*all, [&](const auto& release) { return !release.spec.id.starts_with(beginning); });
  if (all->empty()) return std::unexpected(unknown);
  if (all->size() > 1) return several(*all, "write more of the id");
  if (cut)
    return fail(ErrorCode::conflict, fmt::format("the guard knows too many releases to tell whether only {} begins "
                                                 "with {}; write the whole id",
                                                 all->front().spec.id, beginning));
  return all->front().spec.id;
}

}  // namespace

Result<std::string> id_of_place(const GuardApi& api, const WhichRelease& which) {
  Query place{{"service", which.service}};
  if (!which.environment.empty()) place.emplace_back("environment", which.environment);
  const auto all = list(api, place);
  if (!all) return std::unexpected(all.error());
  if (all->empty())
    return fail(ErrorCode::not_found, fmt::format("the guard knows no release of service {}{}{}", which.service,
                                                  which.environment.empty() ? "" : " in ", which.environment));
  Found open = *all;
  std::erase_if(open, [](const auto& release) { return release.final; });
  if (open.size() == 1) return open.front().spec.id;
  if (open.size() > 1) return several(open, "name one by its id");
  const auto& newest = all->front();
  if (std::ranges::all_of(*all, [&](const auto& r) { return r.spec.environment == newest.spec.environment; }))
    return newest.spec.id;
  return several(*all, "add --environment");
}

Result<std::string> for_release(const GuardApi& api, const WhichRelease& which,
                                const std::function<Result<std::string>(const std::string& id)>& call) {
  if (which.id.empty()) {
    const auto id = id_of_place(api, which);
    return id ? call(*id) : std::unexpected(id.error());
  }
  auto answer = call(which.id);
  if (answer || answer.error().code != ErrorCode::not_found) return answer;
  const auto id = whole_id(api, which.id, answer.error());
  return id ? call(*id) : std::unexpected(id.error());
}

}  // namespace guard::client
