// SPDX-License-Identifier: Apache-2.0
//
// Where and how to call another server: a URL and Prometheus' http_config keys. Looks whether the files it names can
// be read; blocking; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/http/client.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace guard::config {

// The path under `key`, made absolute from `base`; nothing if it is absent.
std::optional<std::filesystem::path> read_path(const ObjectReader& object, std::string_view key,
                                               const std::filesystem::path& base);

// As read_path; also reported where the file cannot be read, or where everyone could put another in its place.
std::optional<std::filesystem::path> read_readable_file(const ObjectReader& object, std::string_view key,
                                                        const std::filesystem::path& base);

enum class Query { allowed, refused };

// A URL as http::parse_url takes it. Empty where it is wrong; `what` is how messages name it.
std::string read_url(const Report& report, const Node& node, std::string_view what, Query query);

// Everything but the url.
http::ClientSettings read_http(const ObjectReader& object, const std::filesystem::path& base);

}  // namespace guard::config
