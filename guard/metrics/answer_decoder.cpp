// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/answer_decoder.hpp"

#include "guard/base/json.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

namespace guard::metrics {
namespace {

using model::Reason;
using model::Sample;
using model::Samples;
using model::SourceError;

constexpr std::size_t shown_bytes = 200;

std::unexpected<SourceError> failed(std::string message, bool transient) {
  return std::unexpected(SourceError{Reason::query_failed, std::move(message), transient});
}

std::unexpected<SourceError> wrong(std::string message) {
  return std::unexpected(
      SourceError{Reason::wrong_type, "the answer is not as Prometheus sends it: " + std::move(message), false});
}

bool may_help_later(int status) {
  return status == 429 || status >= 500;
}

std::string advice(int status) {
  if (status == 401 || status == 403) return "; check the credentials of `prometheus`";
  if (status >= 300 && status < 400) return "; redirects are not followed, give the final url";
  if (status == 404 || status == 410) return "; check the address and the path of prometheus.url";
  if (status == 405) return "; what is there, or a proxy before it, lets no POST through";
  return "";
}

// What a body that is no JSON says, in one line: proxies answer in HTML.
std::string one_line(std::string_view body) {
  if (!is_utf8(body)) return "an answer that is not text";
  return shorten(trim(printable(body.substr(0, 2 * shown_bytes))), shown_bytes);
}

// Values are strings: "1e-07", "NaN", "+Inf". The whole string must be the number, in any locale.
std::optional<double> number(const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr || text->empty()) return std::nullopt;
  const std::string_view all(text->data(), text->size());
  if (all == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (all == "+Inf" || all == "Inf") return std::numeric_limits<double>::infinity();
  if (all == "-Inf") return -std::numeric_limits<double>::infinity();
  double out = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), out);
  if (error != std::errc{} || end != all.data() + all.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

std::optional<WallTime> timestamp(const json::value& value) {
  double seconds = 0;
  if (const auto* whole = value.if_int64())
    seconds = static_cast<double>(*whole);
  else if (const auto* real = value.if_double())
    seconds = *real;
  else
    return std::nullopt;
  if (!(seconds >= 0) || seconds > 1e11) return std::nullopt;
  return WallTime(Duration(static_cast<Duration::rep>(std::llround(seconds * 1000))));
}

// [<time>, "<value>"]
std::optional<Sample> point(const json::value* pair) {
  const auto* array = pair == nullptr ? nullptr : pair->if_array();
  if (array == nullptr || array->size() != 2) return std::nullopt;
  const auto at = timestamp((*array)[0]);
  const auto value = number((*array)[1]);
  if (!at || !value) return std::nullopt;
  return Sample{{}, *value, *at};
}

Samples scalar(const json::value& result) {
  auto sample = point(&result);
  if (!sample) return wrong("a scalar must be [time, \"value\"]");
  return std::vector<Sample>{std::move(*sample)};
}

Result<model::Labels> labels_of(const JsonObject& series) {
  return series.string_map("metric");
}

// [<boundary rule>, "<above>", "<up to>", "<count>"]; the rule says which of both ends belongs to the bucket, which
// makes no difference to what is counted.
std::optional<model::Histogram::Bucket> bucket(const json::value& value) {
  const auto* array = value.if_array();
  if (array == nullptr || array->size() != 4) return std::nullopt;
  const auto above = number((*array)[1]);
  const auto up_to = number((*array)[2]);
  const auto count = number((*array)[3]);
  if (!above || !up_to || !count) return std::nullopt;
  return model::Histogram::Bucket{*above, *up_to, *count};
}

// [<time>, {"count": "<count>", "buckets": [<bucket>, …]}]
std::optional<Sample> histogram(const json::value& pair) {
  const auto* array = pair.if_array();
  if (array == nullptr || array->size() != 2) return std::nullopt;
  const auto at = timestamp((*array)[0]);
  const auto* object = (*array)[1].if_object();
  const auto* count = object == nullptr ? nullptr : object->if_contains("count");
  const auto counted = count == nullptr ? std::nullopt : number(*count);
  if (!at || !counted) return std::nullopt;
  model::Histogram out{*counted, {}};
  const auto* buckets = object->if_contains("buckets");
  const auto* list = buckets == nullptr ? nullptr : buckets->if_array();
  if (buckets != nullptr && list == nullptr) return std::nullopt;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto one = bucket((*list)[i]);
    if (!one) return std::nullopt;
    out.buckets.push_back(*one);
  }
  return Sample{{}, *counted, *at, std::make_shared<const model::Histogram>(std::move(out))};
}

// Those of a series of a matrix; it may have had both kinds of sample, one after the other.
std::optional<std::string> add_histograms(const JsonObject& series, const model::SeriesLabels& labels,
                                          std::vector<Sample>& out) {
  const auto* list = series.find("histograms")->if_array();
  if (list == nullptr) return "histograms must be an array";
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  for (const auto& pair : *list) {
    auto sample = histogram(pair);
    if (!sample) return "a native histogram must be [time, {count, buckets}]";
    sample->labels = labels;
    out.push_back(std::move(*sample));
  }
  const auto* values = series.find("values");
  const auto* numbers = values == nullptr ? nullptr : values->if_array();
  for (std::size_t i = 0; numbers != nullptr && i < numbers->size(); ++i) {
    const auto& pair = (*numbers)[i];
    auto sample = point(&pair);
    if (!sample) return "a sample must be [time, \"value\"]";
    out.push_back({labels, sample->value, sample->at});
  }
  std::stable_sort(out.begin() + begin, out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return std::nullopt;
}

// What the answer may hold.
struct Shape {
  bool matrix = false;
  bool histograms = false;
};

// The points of one series of a vector or matrix into `out`.
std::optional<std::string> add_series(const json::value& value, Shape shape, std::vector<Sample>& out,
                                      std::set<model::SeriesLabels>& seen) {
  const auto series = JsonObject::of(value, "result");
  if (!series) return series.error().message;
  const bool native = series->find("histogram") != nullptr || series->find("histograms") != nullptr;
  if (native && !shape.histograms)
    return "it holds a native histogram, which is no number; use histogram_quantile or histogram_sum";
  auto labels = labels_of(*series);
  if (!labels) return labels.error().message;
  const model::SeriesLabels shared(std::move(*labels));
  if (!seen.insert(shared).second) return "it holds two series with the same labels";
  if (native && shape.matrix) return add_histograms(*series, shared, out);
  const auto* values = series->find(shape.matrix ? "values" : "value");
  const auto add = [&](const json::value* pair) {
    auto sample = point(pair);
    if (sample) out.push_back({shared, sample->value, sample->at});
    return sample.has_value();
  };
  constexpr auto no_sample = "a sample must be [time, \"value\"]";
  if (!shape.matrix) return add(values) ? std::nullopt : std::optional<std::string>(no_sample);
  const auto* points = values == nullptr ? nullptr : values->if_array();
  if (points == nullptr) return "a series of a matrix must have values";
  for (const auto& pair : *points)
    if (!add(&pair)) return no_sample;
  return std::nullopt;
}

Samples series_list(const json::value& result, Shape shape) {
  const auto* list = result.if_array();
  if (list == nullptr) return wrong("result must be an array");
  std::vector<Sample> out;
  std::set<model::SeriesLabels> seen;
  for (const auto& series : *list)
    if (auto problem = add_series(series, shape, out, seen)) return wrong(std::move(*problem));
  return out;
}

Samples decode_data(const JsonObject& envelope, bool histograms) {
  const auto* data = envelope.find("data");
  if (data == nullptr) return wrong("data is missing");
  const auto object = JsonObject::of(*data, "data");
  if (!object) return wrong(object.error().message);
  const auto type = object->string("resultType");
  const auto* result = object->find("result");
  if (!type) return wrong(type.error().message);
  if (result == nullptr) return wrong("data.result is missing");
  if (*type == "vector") return series_list(*result, {false, false});
  if (*type == "matrix") return series_list(*result, {true, histograms});
  if (*type == "scalar") return scalar(*result);
  return wrong(fmt::format("the result is a {}, not a number", shorten(*type, 40)));
}

// What Prometheus remarks about a query, which says nothing against its answer. 2.48 to 2.53 list it among the warnings
// with these words in front (util/annotations); later versions have `infos` for it.
bool is_remark(const json::value& warning) {
  const auto* text = warning.if_string();
  return text != nullptr && text->starts_with("PromQL info:");
}

std::optional<std::string> first_warning(const JsonObject& envelope) {
  const auto* partial = envelope.find("isPartial");  // VictoriaMetrics
  if (partial != nullptr && partial->is_bool() && partial->get_bool()) return "the server calls its answer partial";
  const auto* warnings = envelope.find("warnings");
  const auto* list = warnings == nullptr ? nullptr : warnings->if_array();
  if (list == nullptr) return std::nullopt;
  const auto* first = std::find_if_not(list->begin(), list->end(), is_remark);
  if (first == list->end()) return std::nullopt;
  const auto* text = first->if_string();
  return text == nullptr ? "a warning" : shorten(std::string_view(text->data(), text->size()), shown_bytes);
}

// {"status": "error", …}, as the server itself refuses; what stands between may answer anything else.
bool is_refusal(const Result<json::value>& body) {
  const auto* object = body ? body->if_object() : nullptr;
  const auto* status = object == nullptr ? nullptr : object->if_contains("status");
  return status != nullptr && status->is_string() && status->get_string() == "error";
}

Samples refused(const JsonObject& envelope, int status) {
  const auto type = envelope.string_or("errorType", "").value_or("");
  const auto message = envelope.string_or("error", "no message").value_or("no message");
  return failed(fmt::format("the server refused the query (HTTP {}{}{}): {}{}", status, type.empty() ? "" : ", ", type,
                            shorten(message, 4 * shown_bytes), advice(status)),
                may_help_later(status) || type == "timeout" || type == "canceled");
}

}  // namespace

Samples decode_answer(const RawAnswer& answer) {
  // Its memory is given back at once, that of a small answer never taken.
  std::array<unsigned char, 16384> room;
  json::monotonic_resource memory(room.data(), room.size());
  const auto body = parse_json(answer.body, &memory);
  const bool refusal = is_refusal(body);
  if (answer.status / 100 != 2 && !refusal)
    return failed(
        fmt::format("the server answered HTTP {}: {}{}", answer.status, one_line(answer.body), advice(answer.status)),
        may_help_later(answer.status));
  if (!body)
    return wrong(fmt::format("{}: {}; is prometheus.url that of a login page or of another server?",
                             body.error().message, one_line(answer.body)));
  const auto envelope = JsonObject::of(*body, "");
  if (!envelope) return wrong(envelope.error().message);
  if (refusal) return refused(*envelope, answer.status);
  const auto status = envelope->string_or("status", "");
  if (!status || *status != "success") return wrong("status is neither success nor error");
  if (const auto warning = first_warning(*envelope); warning && !answer.accept_partial)
    return std::unexpected(SourceError{Reason::partial_result, "the server warns: " + *warning, true});
  return decode_data(*envelope, answer.accept_histograms);
}

bool is_foreign(const RawAnswer& answer) {
  if (may_help_later(answer.status)) return false;
  const auto body = parse_json(answer.body);
  const auto envelope = body ? JsonObject::of(*body, "") : std::unexpected(body.error());
  const auto status = envelope ? envelope->string_or("status", "") : std::unexpected(envelope.error());
  return !status || (*status != "success" && *status != "error");
}

}  // namespace guard::metrics
