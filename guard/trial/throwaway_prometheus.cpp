// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/throwaway_prometheus.hpp"

#include "guard/base/file.hpp"
#include "guard/base/text.hpp"
#include "guard/metrics/prometheus_client.hpp"
#include "guard/trial/child_process.hpp"
#include "guard/trial/remote_write.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace guard::trial {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Duration start_time = 1min;
constexpr Duration between_looks = 20ms;
constexpr Duration write_deadline = 1min;

// A folder that is gone with the object.
class Folder {
 public:
  Folder() {
    auto name = (fs::temp_directory_path() / "release-guard-test-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }  // empty: it could not be made

 private:
  fs::path path_;
};

// A port of the loopback interface that nobody listens on now, or 0.
unsigned short free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);  // NOLINT: how sockets take addresses
  const bool known = ::bind(listener, general, length) == 0 && ::getsockname(listener, general, &length) == 0;
  ::close(listener);
  return known ? ntohs(address.sin_port) : static_cast<unsigned short>(0);
}

std::vector<std::string> command_line(const std::string& program, const fs::path& folder, const std::string& address) {
  return {program, "--config.file=/dev/null", "--storage.tsdb.path=" + (folder / "data").string(),
          "--web.listen-address=" + address, "--web.enable-remote-write-receiver", "--log.level=error",
          // One block holds all: series come one after the other, each from its beginning.
          "--storage.tsdb.min-block-duration=10y", "--storage.tsdb.max-block-duration=10y",
          "--storage.tsdb.retention.time=100y"};
}

http::Client client_of(const std::string& address, const Clock& clock) {
  http::ClientSettings settings;
  settings.url = "http://" + address;
  return http::Client::make(std::move(settings), clock).value();
}

class ThrowawayPrometheus final : public SeriesServer {
 public:
  explicit ThrowawayPrometheus(PrometheusOptions options)
      : options_(std::move(options)),
        address_(fmt::format("127.0.0.1:{}", free_port())),
        process_(command_line(options_.program, folder_.path(), address_), folder_.path() / "log"),
        http_(client_of(address_, *options_.clock)),
        metrics_(client_of(address_, *options_.clock), {}, *options_.clock) {}

  Result<void> wait_until_ready() {
    const auto end = options_.clock->now().mono + start_time;
    while (!answers()) {
      if (const auto code = process_.ended()) return ended(*code);
      if (options_.clock->now().mono > end)
        return fail(ErrorCode::unavailable, fmt::format("{} does not answer a minute after its start", program()));
      if (!options_.wait(between_looks)) return fail(ErrorCode::unavailable, "interrupted");
    }
    return {};
  }

  Result<void> store(const std::vector<Series>& series, Duration interval) override {
    for (const auto& one : series)
      if (auto stored = store(write_request(one, interval)); !stored) return stored;
    return {};
  }

  metrics::MetricsSource& metrics() override { return metrics_; }

 private:
  std::string program() const { return fmt::format("\"{}\"", shorten(options_.program, 200)); }

  bool answers() const {
    http::Request request;
    request.path = "/-/ready";
    request.deadline = 1s;
    const auto response = http_.send(request);
    return response && response->status == 200;
  }

  Result<void> ended(int code) const {
    if (code == ChildProcess::not_run)
      return fail(
          ErrorCode::unavailable,
          fmt::format("{} cannot be run; install Prometheus, or name its program with --prometheus.bin", program()));
    const auto log = read_file(folder_.path() / "log").value_or("");
    return fail(ErrorCode::unavailable,
                fmt::format("{} ended with exit code {}: {}", program(), code,
                            trim(std::string_view(log).substr(log.size() - std::min<std::size_t>(log.size(), 1000)))));
  }

  Result<void> store(const std::string& message) const {
    if (message.empty()) return {};
    http::Request request;
    request.method = "POST";
    request.path = "/api/v1/write";
    request.headers = {{"Content-Encoding", "snappy"}, {"X-Prometheus-Remote-Write-Version", "0.1.0"}};
    request.content_type = "application/x-protobuf";
    request.body = snappy_block(message);
    request.deadline = write_deadline;
    const auto response = http_.send(request);
    if (!response) return std::unexpected(response.error());
    if (response->status / 100 == 2) return {};
    return fail(ErrorCode::broken, fmt::format("Prometheus does not take the series: HTTP {}: {}", response->status,
                                               shorten(trim(response->body), 300)));
  }

  HeldSignals held_;  // lives longest: what strikes at its end finds nothing to clean up
  PrometheusOptions options_;
  Folder folder_;
  std::string address_;
  ChildProcess process_;
  http::Client http_;
  metrics::PrometheusClient metrics_;
};

}  // namespace

Result<std::unique_ptr<SeriesServer>> start_prometheus(const PrometheusOptions& options) {
  auto server = std::make_unique<ThrowawayPrometheus>(options);
  if (auto ready = server->wait_until_ready(); !ready) return std::unexpected(ready.error());
  return server;
}

}  // namespace guard::trial
