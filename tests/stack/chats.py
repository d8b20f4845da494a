# SPDX-License-Identifier: Apache-2.0
"""Stands for Slack, Discord, a workflow of Microsoft Teams and a program that reads Alertmanager's webhook: refuses what
they refuse, in their words, and takes the rest as they do."""

import json
import threading

from stack.recorder import Recorder

PATHS = {"slack": "/services/T0/B0/a-secret", "discord": "/api/webhooks/1/a-secret",
         "msteams": "/workflows/w0/triggers/manual/paths/invoke?sig=a-secret", "webhook": "/alerts"}
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}


def _slack(body):
    blocks = [block for attachment in body["attachments"] for block in attachment["blocks"]]
    if not all(0 < len(block["text"]["text"]) <= 3000 for block in blocks):
        return 400, TEXT, b"invalid_blocks"
    return 200, TEXT, b"ok"


def _discord(body):
    for embed in body["embeds"]:
        if len(embed["title"]) > 256 or len(embed["description"]) > 4096:
            return 400, JSON, b'{"embeds": ["0"]}'
    return 204, {}, b""


def _msteams(body):
    [card] = body["attachments"]
    if body["type"] != "message" or card["contentType"] != "application/vnd.microsoft.card.adaptive":
        return 400, JSON, b'{"error": {"code": "TriggerInputSchemaMismatch"}}'
    if len(json.dumps(body)) > 28 * 1024:
        return 413, JSON, b'{"error": {"code": "RequestEntityTooLarge"}}'
    return 202, {}, b""


def _webhook(body):
    return (200, {}, b"") if body["version"] == "4" else (400, TEXT, b"unknown version")


TAKES = {"slack": _slack, "discord": _discord, "msteams": _msteams, "webhook": _webhook}


class Chats(Recorder):
    """answers: kind -> what it answers instead, as a Recorder's answer does, until it is taken out.
    hold: kinds that take a message and never answer, until `let_go`.
    """

    def __init__(self):
        super().__init__(self._take)
        self.answers = {}
        self.hold = set()
        self._go = threading.Event()

    def __exit__(self, *exception):
        self.let_go()
        super().__exit__(*exception)

    def let_go(self):
        self.hold.clear()
        self._go.set()

    def receivers(self, guard, *kinds, **more):
        """Entries of `receivers` for these kinds, with their addresses in files of the guard's folder."""
        out = []
        for kind in kinds or PATHS:
            path = guard.directory / f"{kind}.url"
            path.touch(mode=0o600)
            path.write_text(f"{self.url}{PATHS[kind]}\n")
            out.append({"name": kind, "kind": kind, "url_file": path.name, **more})
        return out

    def bodies(self, kind):
        """What was posted there, in order, whether or not it was answered."""
        return [json.loads(received.body) for received in self.received if received.path == PATHS[kind]]

    def titles(self, kind):
        return [title_of(kind, body) for body in self.bodies(kind)]

    def _take(self, received):
        kind = next((kind for kind, path in PATHS.items() if path == received.path), None)
        if kind is None:
            return 404, TEXT, b"no_service"
        if kind in self.hold:
            self._go.wait(60)
        if kind in self.answers:
            return self.answers[kind]
        if received.headers.get("Content-Type") != "application/json":
            return 400, TEXT, b"invalid_payload"
        return TAKES[kind](json.loads(received.body))


def title_of(kind, body):
    if kind == "slack":
        return body["attachments"][0]["fallback"]
    if kind == "discord":
        return body["embeds"][0]["title"].replace("\\", "")
    if kind == "msteams":
        return body["attachments"][0]["content"]["body"][0]["inlines"][0]["text"]
    return ("No longer: " if body["status"] == "resolved" else "") + body["commonAnnotations"]["summary"]
