// SPDX-License-Identifier: Apache-2.0
//
// How /metrics is answered: what the loop owns is looked at on the loop, and the page, however large, is written on
// another thread. Called on the loop thread.
#pragma once

#include "exporters/exposition.hpp"
#include "guard/api/accept.hpp"
#include "guard/engine/executor.hpp"

#include <functional>
#include <string>

namespace guard::serve {

// Hands the page to `then`, on the loop thread.
void scrape(engine::Executor& executor, const exporters::Exposition& exposition, api::ScrapeForm form,
            std::function<void(std::string)> then);

}  // namespace guard::serve
