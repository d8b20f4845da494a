// SPDX-License-Identifier: Apache-2.0
//
// Wake-ups for pages: which releases have changed, as server-sent events. Level-triggered: an event says "read again",
// never what changed, so that losing, merging or reordering events costs nothing. However slow its reader, a feed
// holds a bounded set of names. Loop thread only.
#pragma once

#include "guard/base/error.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace guard::api {

class Feed {
 public:
  explicit Feed(std::string reader) : reader_(std::move(reader)) {}
  const std::string& reader() const { return reader_; }
  // The event that tells of everything since the last call; empty if nothing changed.
  std::string take();
  bool ended() const { return ended_; }
  // `wake` is called when there is something to take, or when the feed has ended.
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  // None: something that concerns all of them.
  void changed(const std::vector<std::string>& releases);
  void end();

 private:
  std::string reader_;
  std::set<std::string> releases_;
  bool more_ = false;  // more have changed than are named
  bool ended_ = false;
  std::function<void()> wake_ = [] {};
};

class Feeds {
 public:
  // A feed that lives as long as it is held, for the one who asks by this name. Fails with unavailable when too many
  // are open, of all or of this one.
  Result<std::shared_ptr<Feed>> open(const std::string& reader);
  void changed(const std::vector<std::string>& releases);
  void end_all();

 private:
  std::vector<std::shared_ptr<Feed>> living();

  std::vector<std::weak_ptr<Feed>> feeds_;
};

}  // namespace guard::api
