// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/serve.hpp"

#include "exporters/condition_collector.hpp"
#include "exporters/delivery_collector.hpp"
#include "exporters/exposition.hpp"
#include "exporters/guard_metrics.hpp"
#include "exporters/in_force_collector.hpp"
#include "exporters/process_collector.hpp"
#include "exporters/release_collector.hpp"
#include "guard/base/descriptors.hpp"
#include "guard/base/log_writer.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/base/version.hpp"
#include "guard/engine/asio_executor.hpp"
#include "guard/engine/engine.hpp"
#include "guard/notify/own_alerts.hpp"
#include "guard/serve/front.hpp"
#include "guard/serve/live_runtime.hpp"
#include "guard/serve/loaded_runtime.hpp"
#include "guard/serve/pulse.hpp"
#include "guard/serve/rule_text_inspector.hpp"
#include "guard/serve/scrape.hpp"
#include "guard/serve/service_manager.hpp"
#include "guard/store/sqlite_store.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <climits>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::serve {
namespace {

namespace asio = boost::asio;

// How long answers under way may still take once the guard ends.
constexpr Duration farewell = std::chrono::seconds(5);
constexpr Duration farewell_to_log = std::chrono::seconds(1);
constexpr std::size_t log_capacity = std::size_t{1} << 20U;  // bytes that wait for whoever reads the log

// What the loop, the journal and one query at a time need; and what all lanes at once and some hundred clients need.
constexpr std::size_t fewest_descriptors = 64;
constexpr std::size_t usual_descriptors = 1024;

// The parts of a running guard, in the order they are made. One thread: the one that calls run().
class Guard {
 public:
  explicit Guard(const ServeOptions& options)
      : options_(options),
        log_(clock_, options.log_level, options.log_format, [this](std::string_view line) { writer_.write(line); }) {
    writer_.tell_of_losses([this](std::uint64_t lost) {
      return log_.line(LogLevel::warn, "log", "lines were lost here: whoever reads the log did not keep up",
                       {{"lines", fmt::to_string(lost)}});
    });
  }

  // Every step in order; the first that fails ends the start.
  Result<void> start() {
    for (const auto step :
         {&Guard::look_at_machine, &Guard::read_configuration, &Guard::open_store, &Guard::make_engine, &Guard::listen})
      if (auto done = (this->*step)(); !done) return done;
    watch_signals();
    if (const auto every = manager_.alive_every()) pulse_.tell_alive(*every, [this] { tell_alive(); });
    pulse_.wake();
    manager_.ready(fmt::format("listening on {}", fmt::join(front_.listening().addresses, ", ")));
    return {};
  }

  // Whoever reads the log may stand still: the process ends without its last lines then.
  void flush_log() { writer_.flush(farewell_to_log); }

  std::string store_trouble() const {
    const auto trouble = engine_->health().store_trouble;
    return trouble ? trouble->why : "";
  }

  // Until it is told to end, or cannot go on; the exit code.
  int run() {
    while (!ending_ && !engine_->journal_is_lost()) loop_.run_one();
    const bool lost = engine_->journal_is_lost();
    if (lost)
      log_.error("serve", "the journal can no longer be relied on: ending, to go on from what is stored",
                 {{"err", store_trouble()}});
    else
      end_in_order();
    executor_->stop();
    journal_.reset();
    log_.info("serve", "ended");
    flush_log();
    return lost ? EXIT_FAILURE : EXIT_SUCCESS;
  }

 private:
  // What the guard finds where it runs, and can do nothing about.
  Result<void> look_at_machine() {
    const auto limit = descriptor_limit();
    if (limit < fewest_descriptors)
      return fail(ErrorCode::invalid,
                  fmt::format("only {} files and sockets may be open at once, and the guard needs {}: raise the limit "
                              "(`ulimit -n`, LimitNOFILE= of systemd)",
                              limit, usual_descriptors));
    if (limit < usual_descriptors)
      log_.warn("serve", "few files and sockets may be open at once: queries or hook calls may fail for want of them",
                {{"limit", fmt::to_string(limit)}, {"enough", fmt::to_string(usual_descriptors)}});
    if (clock_.boot_id().empty())
      log_.warn(
          "serve",
          "the kernel's name of this boot cannot be read (/proc/sys/kernel/random/boot_id): a reboot is known only "
          "by boot time that goes back");
    return {};
  }

  // A guard whose disk does not answer does nothing any more, so it does not pass for alive.
  void tell_alive() const {
    if (!engine_->store_hangs()) manager_.alive();
  }

  // The metrics outlive a question that is still asked when the guard ends.
  RuntimeContext context() const {
    return {clock_, options_.storage_path,
            [metrics = metrics_](std::string_view server, Duration skew) { metrics->clock_compared(server, skew); }};
  }

  ConfigFiles files() const { return {options_.config_file, options_.web_config_file}; }

  Result<void> read_configuration() {
    auto runtime = first_runtime(files(), context(), log_);
    if (!runtime) return std::unexpected(runtime.error());
    runtime_ = std::move(*runtime);
    metrics_->reloaded(true, clock_.now().wall);
    return {};
  }

  Result<engine::RuntimePtr> load_again() const {
    auto fresh = next_runtime(files(), context(), log_);
    if (!fresh) return fresh;
    if (auto may = front_.may_take(*(*fresh)->settings); !may) return std::unexpected(may.error());
    return fresh;
  }

  Result<void> open_store() {
    auto journal = store::open_journal(options_.storage_path);
    if (!journal) return std::unexpected(journal.error());
    journal_ = std::move(*journal);
    return {};
  }

  Result<void> make_engine() {
    const auto load = [this] { return load_again(); };
    engine_ = std::make_unique<engine::Engine>(
        engine::Engine::Parts{*journal_, *executor_, *metrics_, clock_, random_, log_, load, [this] { pulse_.wake(); },
                              [this](const engine::Runtime& fresh) { reloaded(fresh); }, options_.retention,
                              options_.storage_path, inspector(), [this] { return messenger_.troubles(); },
                              [this](const auto& releases) { front_.changed(releases); }},
        runtime_);
    pulse_.drive(*engine_, notifier_, messenger_);
    show_metrics();
    if (auto started = engine_->start(); !started) return started;
    messenger_.restore(engine_->take_told());
    join_people(*runtime_);
    return {};
  }

  engine::RuleTextInspector inspector() const {
    return {[this](const engine::RuleText& text, const engine::Runtime& runtime, MonoTime deadline) {
              return check_rules(text, runtime, QuestionTime(clock_, deadline));
            },
            plan_rule};
  }

  void show_metrics() {
    exposition_.add([this] { return metrics_; });
    exposition_.add([this] { return std::make_shared<exporters::ReleaseCollector>(engine_->speaking_for_places()); });
    exposition_.add([this] {
      return std::make_shared<exporters::InForceCollector>(engine_->health().in_force, links_.external_url);
    });
    exposition_.add([this] {
      return std::make_shared<exporters::DeliveryCollector>(engine_->figures({{}, exporters::delivery_span}));
    });
    exposition_.add([] { return std::make_shared<exporters::ProcessCollector>(); });
    exposition_.add([this] {
      auto health = engine_->health();
      return std::make_shared<exporters::ConditionCollector>(exporters::ConditionCollector::Condition{
          health.store_trouble.has_value(), writer_.lost(), std::move(health.detection_blind),
          exporters::wall_clock_jump(started_, clock_.now())});
    });
  }

  api::Program program() const {
    api::Program out{options_.build, options_.flags, started_.wall};
    std::error_code unknown;
    out.folder = std::filesystem::current_path(unknown);
    std::array<char, HOST_NAME_MAX + 1> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0) out.host = name.data();
    return out;
  }

  void join_people(const engine::Runtime& runtime) {
    links_ = runtime.settings->web_links;
    notifier_.set_targets(runtime.alert_sinks);
    messenger_.set_receivers(runtime.receivers);
  }

  std::vector<alerts::OwnAlert> firing() const {
    return notify::own_alerts(engine_->current(notify::announced_for), engine_->health(), links_, clock_.now().wall);
  }

  Result<void> listen() {
    const auto metrics = [this](api::ScrapeForm form, std::function<void(std::string)> then) {
      scrape(*executor_, exposition_, form, std::move(then));
    };
    return front_.listen({*engine_, *metrics_, clock_, random_, log_, metrics, program(), options_.route_prefix},
                         *runtime_->settings, manager_.sockets());
  }

  void reloaded(const engine::Runtime& fresh) {
    front_.take(*fresh.settings);
    join_people(fresh);
  }

  void watch_signals() {
    // What a closed peer or a full disk causes must come back as an error, not end the guard.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    await_end();
    await_reload();
  }

  void await_end() {
    end_signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      log_.info("serve", "ending", {{"signal", fmt::to_string(signal)}});
      // A second signal ends at once: the journal knows what was being called.
      if (std::exchange(ending_, true)) hurried_ = true;
      await_end();
    });
  }

  void await_reload() {
    reload_signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      engine_->reload([](const Result<std::string>&) {});  // the engine logs how it went
      await_reload();
    });
  }

  // Takes nothing new; lets answers and those hook calls come to their end whose outcome would die with this process.
  void end_in_order() {
    manager_.stopping();
    engine_->stop();
    messenger_.stop();
    front_.stop();
    auto deadline = clock_.now().mono + farewell;
    asio::steady_timer tick(loop_);
    const auto worth_a_moment = [&] {
      return (engine_->has_unrecorded() || messenger_.is_telling() || !front_.quiet()) && clock_.now().mono < deadline;
    };
    while (!hurried_ && (engine_->is_calling() || worth_a_moment())) {
      tick.expires_after(std::chrono::milliseconds(100));
      tick.async_wait([](const boost::system::error_code&) {});
      loop_.run_one();
      if (engine_->is_calling()) deadline = clock_.now().mono + farewell;
    }
  }

  const ServeOptions& options_;
  SystemClock clock_;
  Instant started_ = clock_.now();
  SystemRandom random_;
  ServiceManager manager_;
  Log log_;
  LogWriter writer_{STDERR_FILENO, log_capacity};  // destroyed before the log that it asks for words
  asio::io_context loop_{1};
  asio::signal_set end_signals_{loop_, SIGTERM, SIGINT};
  asio::signal_set reload_signals_{loop_, SIGHUP};
  Pulse pulse_{loop_, clock_};
  std::unique_ptr<engine::AsioExecutor> executor_ = std::make_unique<engine::AsioExecutor>(loop_);
  std::shared_ptr<exporters::GuardMetrics> metrics_ = std::make_shared<exporters::GuardMetrics>(options_.build);
  exporters::Exposition exposition_;
  config::WebLinks links_;
  notify::Notifier notifier_{
      {*executor_, *metrics_, clock_, random_, log_, [this] { return firing(); }, [this] { pulse_.wake(); }}};
  notify::Messenger messenger_{{*executor_, *metrics_, clock_, random_, log_, [this] { return firing(); },
                                [this](auto told, auto done) { engine_->keep_told(std::move(told), std::move(done)); },
                                [this] { pulse_.wake(); }}};
  engine::RuntimePtr runtime_;
  std::unique_ptr<store::Store> journal_;
  std::unique_ptr<engine::Engine> engine_;
  Front front_{{loop_, options_, *executor_, random_, log_}};
  bool ending_ = false;
  bool hurried_ = false;
};

}  // namespace

int run_serve(const ServeOptions& options) {
  auto guard = std::make_unique<Guard>(options);
  if (auto started = guard->start(); !started) {
    guard->flush_log();
    const auto& why = started.error().message;
    std::cerr << why << (why.ends_with('\n') ? "" : "\n") << "release-guard: not started\n";
    return EXIT_FAILURE;
  }
  const int code = guard->run();
  // Threads that wait for rollback commands would hold up the end; the commands and their supervisors outlive the
  // guard, and the journal is closed, so the process ends without them.
  std::cerr.flush();
  std::_Exit(code);
}

}  // namespace guard::serve
