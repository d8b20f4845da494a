// SPDX-License-Identifier: Apache-2.0
//
// What is asked within a day after a release, as the checklists of release teams have it: what the guard answers by
// itself, what is left to people, and which questions stay open. Pure.
#pragma once

#include "guard/report/chapters.hpp"
#include "guard/report/report.hpp"

#include <span>
#include <string>
#include <vector>

namespace guard::report {

// How long after it went live, or was announced, all of it should be done.
inline constexpr Duration after_within = std::chrono::hours(24);

// What nobody knows yet of a release, or somebody has to decide.
std::vector<std::string> open_questions(const Report& report);

// Of these releases together.
std::vector<Task> tasks_after(std::span<const Report> releases);

// From going live until the breach was noticed, and from then until it was over; "" where nothing failed.
std::string detection_text(const Report& report);
std::string restoration_text(const Report& report);

// Open questions and tasks, as a part of the report of one release.
std::vector<Chapter> after_chapters(const Report& report);

}  // namespace guard::report
