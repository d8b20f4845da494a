// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/scrape.hpp"

#include "guard/base/gzip.hpp"

#include <utility>

namespace guard::serve {

void scrape(engine::Executor& executor, const exporters::Exposition& exposition, api::ScrapeForm form,
            std::function<void(std::string)> then) {
  auto write = exposition.look(form.open_metrics ? exporters::Format::open_metrics : exporters::Format::text);
  const auto page = [write = std::move(write), form] { return form.gzip ? gzip(write()) : write(); };
  engine::run_blocking(executor, engine::Lane::scrape, page, std::move(then));
}

}  // namespace guard::serve
