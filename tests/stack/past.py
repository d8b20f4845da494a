# SPDX-License-Identifier: Apache-2.0
"""The day before a demo: without it a preflight could not say whether the objectives held, for nobody had measured."""

from stack.history import History

STEP = 2          # seconds; the rules of tests/demo look back over five
HOURS = 24.1      # a preflight looks back over a day, and a baseline lies just before that
PER_SECOND = 20   # requests, as its traffic is


def invent_a_day(production, prometheus):
    """Stores a quiet day of what those rules read in a Prometheus that has not been started yet."""
    history = History(HOURS, STEP)
    live = {"job": "meme-maker-backend", "instance": production.blue.address, "colour": "blue"}
    every = lambda number: lambda _: number * STEP
    for status, number in (("2xx", PER_SECOND), ("5xx", 0)):
        history.count("http_requests_total", {**live, "method": "GET", "handler": "/", "status": status}, every(number))
    for bound in ("0.1", "1.0", "+Inf"):
        history.count("http_request_duration_highr_seconds_bucket", {**live, "le": bound}, every(PER_SECOND))
    history.count("process_cpu_seconds_total", live, every(0.05))
    history.add("rq_jobs_in_queue", live, lambda at: 0 if at % 60 < STEP else None)
    history.store(prometheus.directory / "data")
