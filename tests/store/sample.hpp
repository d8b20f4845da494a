// SPDX-License-Identifier: Apache-2.0
//
// Watches and alerts to store: plain ones and any number of random ones. Pure.
#pragma once

#include "guard/store/store.hpp"
#include "tests/support/folder.hpp"

#include <cstdint>
#include <ostream>
#include <string>

namespace guard::store::test {

using guard::test::Folder;

// Every optional is set in about half of them, every list has up to three entries, texts hold any bytes.
model::Watch random_watch(std::uint64_t seed);
ReceivedAlert random_alert(std::uint64_t seed);
model::Freeze random_freeze(std::uint64_t seed);
ToldAlert random_told(std::uint64_t seed);

// A watch that is still open, with this id.
model::Watch open_watch(const std::string& id, WallTime announced_at);

ReceivedAlert alert_of(const std::string& fingerprint, alerts::AlertStatus status, WallTime starts_at,
                       WallTime received_at);

// True if the two are equal in every member, rules and doubles bit for bit (NaN equals NaN).
bool same(const model::Watch& a, const model::Watch& b);

WallTime at(std::int64_t seconds);

}  // namespace guard::store::test
