# SPDX-License-Identifier: Apache-2.0
"""The first five minutes: with nothing but a server, `try` says what rules would have done, or why it can't."""

from shop_history import a_day_of_releases
from stack import Backend, NodeExporter, Prometheus, Redis, Traffic, run_cli, wait_until


def told(*arguments, code=0):
    done = run_cli("try", *arguments)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout if code == 0 else done.stderr


def test_rules_are_proposed_and_releases_judged_by_them(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    a_day_of_releases(prometheus)
    folder = stack.directory / "proposed"
    text = told(f"--prometheus.url={prometheus.url}", f"--write={folder}")
    assert "Found 6 releases of shop, by the version in app_info." in text
    assert "error_rate    less than 1% of http_requests_total fail with 5xx in `status`" in text
    assert "not proposed: latency: no histogram of requests is there" in text
    assert "would have rolled back 1 of 6 releases in 30d:" in text, text
    assert "before it recovered" in text
    assert run_cli("check", f"--config.file={folder}/release-guard.yml").returncode == 0
    assert "is there already" in told(f"--prometheus.url={prometheus.url}", f"--write={folder}", code=1)


def test_a_service_without_a_release_yet_is_told_what_could_be_asked(stack):
    redis = stack.add(Redis(stack.directory))
    shop = stack.add(Backend(stack.directory, "shop", redis))
    stack.add(Traffic(stack.directory, shop.url, rate=20))
    prometheus = stack.add(Prometheus(stack.directory, {"shop": [shop.address]}))
    wait_until(lambda: (prometheus.value('sum(increase(http_requests_total{job="shop"}[1m]))') or 0) > 50, "it has users")
    text = told(f"--prometheus.url={prometheus.url}", "--service=shop")
    assert "Proposed for shop" in text and "latency_p95" in text, text
    assert "No release was found" in text and "--deploys EXPR" in text


def test_a_machine_alone_is_watched_as_one(stack):
    node = stack.add(NodeExporter(stack.directory))
    prometheus = stack.add(Prometheus(stack.directory, {"node": [node.address]}))
    wait_until(lambda: prometheus.value('up{job="node"}') == 1, "it is scraped")
    text = told(f"--prometheus.url={prometheus.url}")
    assert "Proposed for node" in text and "a machine uses 90% of its CPU" in text
    assert "not proposed: a share of failures" in text


def test_a_server_that_knows_nothing_says_what_it_needs(stack):
    prometheus = stack.add(Prometheus(stack.directory))
    assert "let it scrape the service first" in told(f"--prometheus.url={prometheus.url}", code=1)
    assert "say which Prometheus to ask" in told(code=1)
