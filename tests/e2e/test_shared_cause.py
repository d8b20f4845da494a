# SPDX-License-Identifier: Apache-2.0
"""Two services fail alike, and one of them has a release: where the rule names the other as its control, a person is
asked; where it names one that is well, the release is rolled back. On real counters of a real Prometheus."""

from shop import ShopGuard, group
from stack import Backend, Prometheus, Redis, Traffic, wait_until

BAD = 'http_requests_total{job="shop",status=~"5.."}'
ALL = 'http_requests_total{job="shop"}'


def errors(control):
    return {"slo": "error_rate", "bad": BAD, "total": ALL, "objective": "< 1%", "control": [f'job="{control}"']}


def watching(control):
    return group(errors(control), name=control, match=(f'environment="{control}"',), window="5m", settle="1s")


def test_what_another_service_shows_alike_is_left_to_a_person(stack):
    redis = stack.add(Redis(stack.directory))
    shop, cart, bank = (stack.add(Backend(stack.directory, name, redis)) for name in ("shop", "cart", "bank"))
    for copy in (shop, cart, bank):
        stack.add(Traffic(stack.directory, copy.url, rate=20, name=f"traffic_{copy.colour}"))
    prometheus = stack.add(Prometheus(stack.directory, {c.colour: [c.address] for c in (shop, cart, bank)}))
    for job in ("shop", "cart", "bank"):
        wait_until(lambda job=job: (prometheus.value(f'sum(increase(http_requests_total{{job="{job}"}}[1m]))') or 0) > 100,
                   f"{job} has a past to compare with")
    guard = ShopGuard(stack, watching("cart"), watching("bank"), prometheus={"url": prometheus.url},
                      brakes={"breaker": {"services": 0}}).start()
    for control in ("cart", "bank"):
        guard.watch(control, environment=control)
    wait_until(lambda: all(guard.rule(r, "error_rate")["verdict"] == "ok" for r in ("cart", "bank")), "all is well")
    for copy in (shop, cart):
        copy.fault(error_ratio=0.5)
    wait_until(lambda: guard.keys(), "whose control is well is rolled back", seconds=120)
    wait_until(lambda: guard.release("cart")["phase"] == "awaiting_approval", "whose control fails too is asked about")
    decision = guard.release("cart")["decisions"][0]
    assert decision["kind"] == "ask"
    assert 'what has not got this release (job="cart") shows it alike: ' in decision["reason"]
    assert len(guard.keys()) == 1
