# SPDX-License-Identifier: Apache-2.0
"""Real servers on free loopback ports in a directory of their own, for the tests and the demo.

    with Stack(directory) as stack:
        prometheus = stack.add(Prometheus(stack.directory, jobs={"app": ["127.0.0.1:1234"]}))

Everything added is ended when the block is left, whichever way: normally, by an exception, SIGINT or SIGTERM.
"""

from stack.alertmanager import Alertmanager
from stack.backends import Backend, Traffic
from stack.browser import Browser
from stack.dial import Dial
from stack.exporters import NodeExporter, Redis, RedisExporter
from stack.front import Authority, Front
from stack.guard import Guard, run_cli
from stack.hook_receiver import HookReceiver
from stack.http import HttpError, get, get_json, post_json, request
from stack.lifetime import Stack, end_on_signals
from stack.native import NativeHistogram
from stack.nginx import Nginx
from stack.production import Production
from stack.prometheus import Prometheus
from stack.recorder import Received, Recorder
from stack.server import Server, ServerError, program
from stack.slack import CHANNELS, Slack
from stack.victoria_metrics import VictoriaMetrics
from stack.waiting import NotInTime, wait_until

__all__ = [
    "CHANNELS", "Alertmanager", "Authority", "Backend", "Browser", "Dial", "Front", "Guard", "HookReceiver", "HttpError",
    "NativeHistogram", "Nginx", "NodeExporter", "NotInTime", "Production", "Prometheus", "Received", "Recorder", "Redis", "RedisExporter", "Server",
    "ServerError", "Slack", "Stack", "Traffic", "VictoriaMetrics", "end_on_signals", "get", "get_json", "post_json",
    "program", "request", "run_cli", "wait_until",
]
