// SPDX-License-Identifier: Apache-2.0
//
// Lists of label matchers as they stand in files. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/matcher.hpp"
#include "guard/promql/text_template.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace guard::config {

// The matchers under `key`, taken as they stand: a group and a freeze choose releases, so they cannot speak of one.
std::vector<model::Matcher> read_matchers(const ObjectReader& object, std::string_view key);

// The matchers under `key`, which may hold {{ fields }} of the release.
std::vector<promql::TextTemplate> read_matcher_templates(const ObjectReader& object, std::string_view key);

// Warns of each matcher of a rule on `service` or `environment` that no release of a group with these matchers has.
void warn_of_other_releases(const Report& report, const Node& alerts, const std::vector<model::Matcher>& group);

// The text as a template; what is wrong is reported where it stands. `what` is how messages name it ("`expr`").
std::optional<promql::TextTemplate> read_template(const Report& report, const Node& node, std::string_view what,
                                                  promql::TemplateKind kind);
// The expression under `key`; nothing where it is absent or wrong, which is reported.
std::optional<promql::TextTemplate> read_promql(const ObjectReader& object, std::string_view key);

}  // namespace guard::config
