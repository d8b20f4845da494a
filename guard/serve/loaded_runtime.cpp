// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/loaded_runtime.hpp"

#include "guard/config/load.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::serve {
namespace {

// The configuration as `check` and a reload read it too; the error lists everything that is wrong.
Result<engine::RuntimePtr> read_runtime(const ConfigFiles& files, const RuntimeContext& context, const Log& log) {
  auto loaded = config::load_settings(files.settings, files.web);
  if (!loaded.value) return fail(ErrorCode::invalid, config::format(loaded.diagnostics));
  for (const auto& warning : loaded.diagnostics.items)
    log.warn("config", warning.message,
             {{"at", fmt::format("{}:{}", warning.path, warning.line)},
              {"fix", warning.fix},
              {"name", std::string(model::info_of(warning.finding).name)}});
  return make_runtime(std::make_shared<const config::Settings>(std::move(*loaded.value)), context);
}

Result<void> try_queries(const Rehearsal& rehearsal, const Log& log) {
  if (!rehearsal.silence.empty())
    log.warn("serve", "Prometheus cannot be asked, so the expressions of the rules are not tried out",
             {{"err", rehearsal.silence}});
  for (const auto& item : rehearsal.blind.items) log.warn("serve", config::format(item));
  if (rehearsal.refused.has_errors()) return fail(ErrorCode::invalid, config::format(rehearsal.refused));
  return {};
}

}  // namespace

Result<engine::RuntimePtr> first_runtime(const ConfigFiles& files, const RuntimeContext& context, const Log& log) {
  auto runtime = read_runtime(files, context, log);
  if (!runtime) return runtime;
  const auto rehearsal = rehearse(**runtime, QuestionTime(context.clock));
  if (rehearsal.foreign) log.error("serve", "nothing can be measured", {{"err", config::format(*rehearsal.foreign)}});
  if (auto tried = try_queries(rehearsal, log); !tried) return std::unexpected(tried.error());
  return runtime;
}

Result<engine::RuntimePtr> next_runtime(const ConfigFiles& files, const RuntimeContext& context, const Log& log) {
  auto runtime = read_runtime(files, context, log);
  if (!runtime) return runtime;
  const auto rehearsal = rehearse(**runtime, QuestionTime(context.clock));
  if (rehearsal.foreign) return fail(ErrorCode::invalid, config::format(*rehearsal.foreign) + '\n');
  if (auto tried = try_queries(rehearsal, log); !tried) return std::unexpected(tried.error());
  return runtime;
}

}  // namespace guard::serve
