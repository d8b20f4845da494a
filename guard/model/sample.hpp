// SPDX-License-Identifier: Apache-2.0
//
// What a metrics source answers: samples, or why there are none. Values; safe from any thread as long as each has one
// owner.
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/reason.hpp"

#include <expected>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace guard::model {

// The labels of a series, which all its samples have in common: a copy costs as much as that of a pointer. They are
// never changed; safe from any thread.
class SeriesLabels {
 public:
  SeriesLabels() = default;
  // Not explicit, as with what they stand for.
  SeriesLabels(Labels labels) : labels_(std::make_shared<const Labels>(std::move(labels))) {}
  SeriesLabels(std::initializer_list<Labels::value_type> labels) : SeriesLabels(Labels(labels)) {}

  const Labels& all() const {
    static const Labels none;
    return labels_ ? *labels_ : none;
  }
  operator const Labels&() const { return all(); }
  auto find(const std::string& name) const { return all().find(name); }
  auto end() const { return all().end(); }
  const std::string& at(const std::string& name) const { return all().at(name); }

  // True if both are known to be those of one series without a look at them.
  bool is_same(const SeriesLabels& other) const { return labels_ == other.labels_; }
  bool operator==(const SeriesLabels& other) const { return is_same(other) || all() == other.all(); }
  auto operator<=>(const SeriesLabels& other) const { return all() <=> other.all(); }

 private:
  std::shared_ptr<const Labels> labels_;  // null: there are none
};

// What a native histogram has counted: all of it, and how much lies in each of its buckets. Empty ones are left out.
struct Histogram {
  struct Bucket {
    double above = 0;
    double up_to = 0;
    double count = 0;

    bool operator==(const Bucket&) const = default;
  };
  double count = 0;
  std::vector<Bucket> buckets;

  bool operator==(const Histogram&) const = default;
};

// One series of an instant query, or one point of a range query.
struct Sample {
  SeriesLabels labels;
  double value = 0;  // of a native histogram how much it has counted
  WallTime at{};
  std::shared_ptr<const Histogram> histogram = {};  // null: it is a number

  bool operator==(const Sample&) const = default;
};

// Why a source gave no answer: the reason (query_failed, partial_result, wrong_type…), words, and whether asking
// again may help.
struct SourceError {
  Reason reason = Reason::query_failed;
  std::string message;
  bool transient = false;

  bool operator==(const SourceError&) const = default;
};

using Samples = std::expected<std::vector<Sample>, SourceError>;

}  // namespace guard::model
