// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/annotation.hpp"

#include <gmock/gmock.h>

namespace guard::importing {
namespace {

using model::Unit;

std::string text(std::string_view annotation, Unit unit = Unit::number) {
  const auto read = annotation_of(annotation, unit);
  return read ? read->text : "refused: " + read.error();
}

TEST(Annotations, AValueIsTheGuardsHoweverItWasFormatted) {
  for (const auto* action :
       {"{{ $value }}", "{{$value}}", "{{ .Value }}", "{{ $value | humanize }}", "{{ $value | humanizePercentage }}",
        "{{ printf \"%.2f\" $value }}", "{{ $value | printf \"%.2f\" | humanize }}", "{{- $value -}}",
        "{{ humanizeDuration $value }}"})
    EXPECT_EQ(text(std::string("a ") + action + " b"), "a {{ value }} b") << action;
}

TEST(Annotations, AUnitBehindAValueThatHasOneGoes) {
  EXPECT_EQ(text("{{ $value }}% fail", Unit::ratio), "{{ value }} fail");
  EXPECT_EQ(text("{{ $value }} % fail", Unit::ratio), "{{ value }} fail");
  EXPECT_EQ(text("{{ $value }}% fail"), "{{ value }}% fail");
  EXPECT_EQ(text("{{ $value }}s late", Unit::seconds), "{{ value }} late");
  EXPECT_EQ(text("{{ $value }}seconds", Unit::seconds), "{{ value }}seconds");
}

TEST(Annotations, LabelsOfASeriesStandByName) {
  const auto read = annotation_of("{{ $labels.pod }} and {{ .Labels.pod }} of {{ $labels.service }}", Unit::number);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, "[pod] and [pod] of {{ service }}");
  EXPECT_THAT(read->labels, testing::ElementsAre("pod"));
}

TEST(Annotations, WhatHasNoCounterpartIsNamed) {
  EXPECT_EQ(text("{{ if gt $value 1.0 }}x{{ end }}"), "refused: {{ if gt $value 1.0 }}");
  EXPECT_EQ(text("{{ query \"up\" | first | value }}"), "refused: {{ query \"up\" | first | value }}");
  EXPECT_EQ(text("never {{ $value"), "refused: {{ $value");
  EXPECT_EQ(text("{{ $externalLabels.cluster }}"), "refused: {{ $externalLabels.cluster }}");
}

}  // namespace
}  // namespace guard::importing
