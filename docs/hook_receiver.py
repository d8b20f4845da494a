#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a rollback command on this host when the guard asks for it over HTTP: the way out of a container.

    hook_receiver.py --config=receiver.json

    {"listen": "127.0.0.1:8930", "secret_file": "secrets/hook.secret", "state": "/var/lib/release-guard-receiver",
     "hooks": {"promote_to_prod": {"argv": ["./scripts/promote_to_prod.sh", "{previous_version}", "rollback"],
                                   "dir": "/opt/meme-maker", "timeout": 600}}}

    POST /hooks/NAME        202 + Location: it runs; 409: done before; 422: it failed before; 500: nobody can tell
    GET  /healthy           200
    GET  /results/ID        202 while it runs, then 200 with {"status": "succeeded" or "failed", "output": ...}; the
                            ID is told in the answer to the POST and cannot be guessed

Only the commands in the file can be run, without a shell. A call must carry a valid Standard Webhooks signature no older
than five minutes. For one Idempotency-Key a command runs at most once, also across restarts of this program: what was
running when it died, or was ended by a signal, is answered with 500, and a person must look. A process that a command
leaves behind is let be; at the deadline, and after a signal, everything that the command started is ended, however it
hides.
Needs Python 3.11 and nothing else.
"""

import argparse
import base64
import ctypes
import fcntl
import hashlib
import hmac
import json
import math
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LARGEST_BODY = 64 * 1024
TOLERANCE_SECONDS = 300
OUTPUT_BYTES = 64 * 1024
PR_SET_CHILD_SUBREAPER = 36   # of linux/prctl.h
LEFT_OPEN_SECONDS = 1   # how long a process that the command has left behind may go on printing
FIELD = re.compile(r"\{(service|environment|version|previous_version)\}")
SAFE_VALUE = re.compile(r"[A-Za-z0-9._:/@+][A-Za-z0-9._:/@+-]*")   # never begins with '-'


class Refused(Exception):
    """An answer to a call that is not carried out."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def signing_key(path):
    text = Path(path).read_text().strip()
    key = base64.b64decode(text[6:], validate=True) if text.startswith("whsec_") else text.encode()
    if len(key) < 24:
        raise ValueError(f"{path}: the secret is shorter than 24 bytes")
    return key


def check_signature(key, headers, body):
    """Standard Webhooks, "Signature scheme": any of the listed signatures may fit, so that secrets can be changed."""
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        raise Refused(401, "webhook-timestamp is missing, or more than five minutes from this host's clock")
    wanted = base64.b64encode(hmac.digest(key, b".".join([name.encode(), stamp.encode(), body]), "sha256")).decode()
    given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    if not any(hmac.compare_digest(wanted, one) for one in given):
        raise Refused(401, "webhook-signature does not fit the secret of this receiver")


def arguments(argv, call):
    """argv with its fields filled in. A value that could be taken for something else is refused."""
    def value(match):
        text = str(call.get(match[1], ""))
        if not SAFE_VALUE.fullmatch(text):
            raise Refused(422, f"{match[1]} cannot be an argument: {text!r}")
        return text
    return [FIELD.sub(value, part) for part in argv]


class Results:
    """What became of each key: one file a key, so that it outlives this program. Safe from any thread."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._running = set()
        self._lock = threading.RLock()
        self._only_one = open(self._folder / "lock", "w", encoding="utf-8")
        fcntl.flock(self._only_one, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def begin(self, name):
        """True if this key is new; it counts as begun from then on, also after a crash."""
        with self._lock:
            if self.find(name) is not None:
                return False
            self._store(name, {"status": "running", "token": secrets.token_hex(16)})
            self._running.add(name)
            return True

    def end(self, name, result):
        with self._lock:
            self._store(name, {**result, "token": self.find(name)["token"]})
            self._running.discard(name)

    def find(self, name):
        """None: never heard of. `unknown`: begun by an earlier process that did not live to see the end."""
        # The file and `_running` say one thing together: read apart, an end between the two looks like a restart.
        with self._lock:
            try:
                result = json.loads((self._folder / name).read_text())
            except FileNotFoundError:
                return None
            if result["status"] == "running" and name not in self._running:
                return {**result, "status": "unknown", "output": "this receiver was restarted while the command ran"}
            return result

    def _store(self, name, result):
        fresh = self._folder / f"{name}.new"
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(result, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self._folder / name)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class Output:
    """The end of what a process prints. It is read to the last writer's end, so that a process which the command left
    behind does not die of a pipe that nobody reads.
    """

    def __init__(self, pipe):
        self._pipe = pipe
        self._kept = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for piece in iter(lambda: self._pipe.read(65536), b""):
            self._kept = (self._kept + piece)[-OUTPUT_BYTES:]

    def text(self):
        self._reader.join(LEFT_OPEN_SECONDS)
        return self._kept.decode("utf-8", "replace")


def below(top):
    """Every process that has `top` for its parent, or for the parent of its parent, and so on."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            pass   # it has ended
    found = [top]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one]
    return found[1:]


def end_below(seconds=math.inf):
    """Kills every process below this one until none is left, since one may start another meanwhile; their exit codes by
    pid. One that may not be killed is waited for, for so long.
    """
    codes = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for pid in below(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
        except ChildProcessError:
            break
        time.sleep(0.02)
    return codes


def keep(seconds, argv):
    """What a process of its own does for each command: runs it and holds it to its deadline; the result but for the
    output. As a child subreaper it gets every orphan of the command's, so nothing can hide from it, neither in another
    session nor without its environment. Asked to end, it stays until the command has ended.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    try:
        process = subprocess.Popen(argv, start_new_session=True)
    except OSError as error:
        return {"status": "failed", "output": f"cannot run {argv[0]}: {error.strerror}"}
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return {"status": "unknown", "exit": end_below().get(process.pid)}
    if code < 0:  # by a signal: how far it came nobody knows
        end_below(10)
        return {"status": "unknown", "exit": code}
    return {"status": "succeeded" if code == 0 else "failed", "exit": code}


def run(hook, argv, call):
    """Runs the command to its end or its deadline, under a process of its own (keep); the result as it is stored."""
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"),
           **{f"RELEASE_GUARD_{name.upper()}": str(call.get(name, "")).replace("\0", "")
              for name in ("service", "environment", "version", "previous_version", "release", "slo", "reason")}}
    told, tells = os.pipe()
    try:
        keeper = subprocess.Popen([sys.executable, "-IB", Path(__file__).resolve(), "keep", str(hook.get("timeout", 600)),
                                   str(tells), *argv], cwd=hook.get("dir"), env=env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, bufsize=0,
                                  pass_fds=[tells])
    except OSError as error:
        os.close(told)
        return {"status": "failed", "output": f"cannot run {argv[0]}: {error.strerror}"}
    finally:
        os.close(tells)
    output = Output(keeper.stdout)
    with open(told, encoding="utf-8") as end:
        text = end.read()
    keeper.wait()
    if not text:
        return {"status": "unknown", "output": f"what ran {argv[0]} was killed; it may still be at work"}
    result = json.loads(text)
    return {"output": output.text(), **result}


class Handler(BaseHTTPRequestHandler):
    """One call. `server` holds key, hooks and results."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        self._answer(self._post)

    def do_GET(self):
        self._answer(self._get)

    def log_message(self, form, *values):
        print(time.strftime("%Y-%m-%dT%H:%M:%S"), self.address_string(), form % values, file=sys.stderr, flush=True)

    def _answer(self, work):
        try:
            status, headers, body = work()
        except Refused as refusal:
            self.close_connection = True
            status, headers, body = refusal.status, {}, {"error": str(refusal)}
        text = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(text), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def _body(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            raise Refused(413, f"a body of at most {LARGEST_BODY} bytes is needed, with its Content-Length")
        return self.rfile.read(int(length))

    def _post(self):
        body = self._body()
        check_signature(self.server.key, self.headers, body)
        hook = self.server.hooks.get(self.path.removeprefix("/hooks/")) if self.path.startswith("/hooks/") else None
        if hook is None:
            raise Refused(404, f"there is no hook {self.path!r}")
        key = self.headers.get("webhook-id", "")
        try:
            call = json.loads(body)
        except ValueError as error:
            raise Refused(400, f"the body is no JSON: {error}") from None
        if not key or not isinstance(call, dict):
            raise Refused(400, "webhook-id is missing, or the body is no JSON object")
        argv = arguments(hook["argv"], call)
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        if self.server.results.begin(name):
            threading.Thread(target=self._carry_out, args=(hook, argv, call, name)).start()
        return self._state(name, {"succeeded": 409, "failed": 422})

    def _carry_out(self, hook, argv, call, name):
        self.server.results.end(name, run(hook, argv, call))

    def _get(self):
        if self.path == "/healthy":
            return 200, {}, {"hooks": sorted(self.server.hooks)}
        # A name can be guessed from a release; the token beside it cannot, and only a signed call is told it.
        name, _, token = self.path.removeprefix("/results/").partition("-")
        result = self.server.results.find(name) if re.fullmatch("[0-9a-f]{32}", name) else None
        if result is None or not hmac.compare_digest(token.encode(), result["token"].encode()):
            raise Refused(404, "nothing of this name was ever asked for")
        return self._state(name, {"succeeded": 200, "failed": 200})

    def _state(self, name, statuses):
        result = self.server.results.find(name)
        token = result.pop("token")
        if result["status"] == "running":
            return 202, {"Location": f"/results/{name}-{token}"}, result
        return statuses.get(result["status"], 500), {}, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, type=Path, help="the JSON file shown above")
    options = parser.parse_args()
    config = json.loads(options.config.read_text())
    host, port = config["listen"].rsplit(":", 1)
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.key = signing_key(options.config.parent / config["secret_file"])
    server.hooks = config["hooks"]
    server.results = Results(options.config.parent / config["state"])
    # A command that was begun is let come to its end.
    server.daemon_threads = False
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {config['listen']}, hooks: {', '.join(sorted(server.hooks))}", file=sys.stderr, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["keep"]:
        os.write(int(sys.argv[3]), json.dumps(keep(float(sys.argv[2]), sys.argv[4:])).encode())
    else:
        main()
