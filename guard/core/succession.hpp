// SPDX-License-Identifier: Apache-2.0
//
// How the releases of one place follow one another: which one a new release replaces, which it supersedes, and what it
// means for the others when one is given up. Pure.
#pragma once

#include "guard/core/fleet.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::core {

// True if `spec` puts back what `older` replaced, or what its rollback was to go back to, after that was found bad, by
// a guard's rollback or by hand.
bool undoes(const ReleaseSpec& spec, const Watch& older);

// What is live in the place as far as the guard knows, or nothing: nothing was live there, or nobody knows what a
// rollback left behind.
std::optional<std::string> live_version(const FleetView& fleet, const Place& place);

// True if both name one version: a leading "v" makes no difference, and a commit may be shortened.
bool is_same_version(std::string_view one, std::string_view other);

// The release by which `version` runs in the place: it is live with it, or its rollback goes back to it, done or not;
// or nullptr.
const Watch* accounts_for(const FleetView& fleet, const Place& place, std::string_view version);

// The release that the guard found running by itself with the version of `spec`, and still watches; or nullptr.
const Watch* found_before(const FleetView& fleet, const ReleaseSpec& spec);

// The last release of its place that was live before `watch` and passed, of another version; or nullptr.
const Watch* last_good(const FleetView& fleet, const Watch& watch);

// Later than everything announced there before, also where the clock was set back: which release is the newest must
// not depend on it.
WallTime announced_after(const FleetView& fleet, const Place& place, WallTime now);

// True for a release that runs no more: its rollback did it.
bool is_gone(const Watch& watch);

// The one of the other releases of its place that went live last, or nullptr.
const Watch* live_before(const FleetView& fleet, const Watch& fresh);

// The newest release of the place that is no rollback and was not given up before it was live, or nullptr. Only what it
// brought can be undone now: the names of versions may come again (blue, green), and an older release was replaced long
// ago.
const Watch* last_release(const FleetView& fleet, const Place& place);

// The ids of those whose place `fresh` takes by going live: what was live before, and what was announced before it and
// never came. Not the rollback that it carries out itself, as a pipeline does that rolls back by deploying.
std::vector<std::string> superseded_by(const FleetView& fleet, const Watch& fresh);
// The ids of failed rollbacks that are nobody's trouble any more once `fresh` is live in their place.
std::vector<std::string> settled_by(const FleetView& fleet, const Watch& fresh);
// The ids of those that were live before `gone` was announced and are watched.
std::vector<std::string> watched_before(const FleetView& fleet, const Watch& gone);

// The release that went live after `watch`, still runs and is not its undoing, or nullptr: a rollback is ordered of the
// newest.
const Watch* newer_than(const FleetView& fleet, const Watch& watch);

// Another release of its place whose rollback hook is being called, or nullptr.
const Watch* caller_beside(const FleetView& fleet, const Watch& watch);

// What a release replaces, as far as the guard knows, against what its pipeline says. Two pipelines at once, or one
// that looked too early, name a version that is no longer live: a rollback to it would undo a release that nobody found
// bad.
struct Replaced {
  std::string version;     // what was live in the place; empty: not known
  bool contested = false;  // certainly another version than `previous_version`, and not by another name of it
};
// For a release that goes live now.
Replaced replaced_by(const FleetView& fleet, const Watch& fresh);
// In words, where they are not the same.
std::optional<std::string> words_of(const Replaced& replaced, const ReleaseSpec& spec);

// Readings count again after `settle` more; what was read so far of anything but signals counts no more.
void settle_anew(Watch& watch, Instant now);

}  // namespace guard::core
