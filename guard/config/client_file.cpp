// SPDX-License-Identifier: Apache-2.0
#include "guard/config/client_file.hpp"

#include "guard/config/http_parser.hpp"
#include "guard/config/object_reader.hpp"

namespace guard::config {
namespace {

ClientFile read_client(const ObjectReader& object, const std::filesystem::path& base) {
  ClientFile out;
  if (const auto* node = object.find("server"))
    out.server = read_url(object.report(), *node, "`server`", Query::refused);
  out.token_file = read_path(object, "token_file", base);
  out.ca_file = read_path(object, "ca_file", base);
  out.cert_file = read_path(object, "cert_file", base);
  out.key_file = read_path(object, "key_file", base);
  if (object.given("cert_file") != object.given("key_file"))
    object.report().error(object.node().offset, "`cert_file` and `key_file` belong together; give both or none");
  return out;
}

}  // namespace

Loaded<ClientFile> load_client_file(const std::filesystem::path& file) {
  Loaded<ClientFile> out;
  const auto source = read_source(file, file, out.diagnostics);
  if (!source) return out;
  const Report report(*source, out.diagnostics);
  const auto root = read_yaml(report);
  ClientFile read;
  if (root) read = read_client(ObjectReader(report, *root, objects::client_file), file.parent_path());
  sort(out.diagnostics);
  if (!out.diagnostics.has_errors()) out.value = std::move(read);
  return out;
}

}  // namespace guard::config
