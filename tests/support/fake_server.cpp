// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_server.hpp"

#include <httplib.h>
#include <mutex>
#include <thread>

namespace guard::test {

struct FakeServer::Impl {
  void handle(const httplib::Request& request, httplib::Response& response) {
    Asked now{request.method, request.target, {request.headers.begin(), request.headers.end()}, request.body};
    const auto said = answer(now);
    response.status = said.status;
    response.set_content(said.body, "application/json");
    const std::scoped_lock lock(mutex);
    asked.push_back(std::move(now));
  }

  std::function<Answered(const Asked&)> answer;
  httplib::Server server;
  int port = 0;
  std::mutex mutex;
  std::vector<Asked> asked;
  std::thread thread;
};

FakeServer::FakeServer(std::function<Answered(const Asked&)> answer) : impl_(std::make_unique<Impl>()) {
  impl_->answer = std::move(answer);
  const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
    impl_->handle(request, response);
  };
  impl_->server.Get(".*", handle).Post(".*", handle);
  impl_->port = impl_->server.bind_to_any_port("127.0.0.1");
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
  while (!impl_->server.is_running()) std::this_thread::yield();
}

FakeServer::~FakeServer() {
  impl_->server.stop();
  impl_->thread.join();
}

std::string FakeServer::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port);
}

std::vector<Asked> FakeServer::asked() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->asked;
}

}  // namespace guard::test
