// SPDX-License-Identifier: Apache-2.0
#include "guard/config/client_file.hpp"

#include "guard/config/http_parser.hpp"
#include "guard/config/object_reader.hpp"
#include "guard/config/trusted_file.hpp"

namespace guard::config {
namespace {

ClientFile read_client(const ObjectReader& object, const std::filesystem::path& base, NamedFiles named) {
  const auto read = named == NamedFiles::readable ? read_readable_file : read_path;
  ClientFile out;
  if (const auto* node = object.find("server"))
    out.server = read_url(object.report(), *node, "`server`", Query::refused);
  out.token_file = read(object, "token_file", base);
  out.ca_file = read(object, "ca_file", base);
  out.cert_file = read(object, "cert_file", base);
  out.key_file = read(object, "key_file", base);
  if (object.given("cert_file") != object.given("key_file"))
    object.report().error(object.node().offset, "`cert_file` and `key_file` belong together; give both or none");
  return out;
}

}  // namespace

Loaded<ClientFile> load_client_file(const std::filesystem::path& file, NamedFiles named) {
  Loaded<ClientFile> out;
  const auto source = read_source(file, file, out.diagnostics);
  if (source) out = parse_client_file(*source, named);
  // Whoever writes there another server has the token shown to that.
  if (const auto problem = exposure(file); source && !problem.empty()) {
    Diagnostic exposed;
    exposed.path = file.string();
    exposed.message = problem.substr(file.string().size() + 1);
    out.diagnostics.items.push_back(std::move(exposed));
    out.value.reset();
  }
  return out;
}

Loaded<ClientFile> parse_client_file(const Source& source, NamedFiles named) {
  Loaded<ClientFile> out;
  if (source.says_nothing()) {
    out.value.emplace();
    return out;
  }
  const Report report(source, out.diagnostics);
  const auto root = read_yaml(report);
  ClientFile read;
  const auto base = std::filesystem::path(source.path()).parent_path();
  if (root) read = read_client(ObjectReader(report, *root, objects::client_file), base, named);
  sort(out.diagnostics);
  if (!out.diagnostics.has_errors()) out.value = std::move(read);
  return out;
}

}  // namespace guard::config
