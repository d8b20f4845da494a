# SPDX-License-Identifier: Apache-2.0
"""Where the guard listens: at several addresses, on sockets that a service manager has made, below a path."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until
from stack.front import Front
from stack.guard import BINARY, run_cli
from stack.http import get, request
from stack.ports import reserve

# What systemd does before it starts a program: the socket is descriptor 3, and the variables are for this process.
PASS_ON = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="web")
os.execv(sys.argv[2], sys.argv[2:])
"""
# What of the guard's a hook can see: its environment, and its open sockets.
LOOK_AROUND = "env > seen.env; ls -l /proc/$$/fd > seen.fd"


def listening_lines(guard):
    return re.findall(r"msg=listening address=(\S+) port=(\d+) path=(\S+)", guard.log.read_text())


def says_it_listens_at(guard, *addresses):
    """The log is written beside the loop: a guard may answer before its line is there."""
    wait_until(lambda: [address for address, _, _ in listening_lines(guard)] == [*addresses], "it says where it listens")


def test_every_address_is_served(stack):
    other, third = reserve(), reserve()
    guard = ShopGuard(stack, group(E2E))
    guard.flags = [f"--web.listen-address=127.0.0.2:{other.number}", "--web.listen-address", f"[::1]:{third.number}"]
    guard.start()
    for url in (guard.url, f"http://127.0.0.2:{other.number}", f"http://[::1]:{third.number}"):
        assert get(f"{url}/-/healthy").status == 200
        assert request("GET", f"{url}/api/v1/releases").status == 200
    says_it_listens_at(guard, guard.address, f"127.0.0.2:{other.number}", f"[::1]:{third.number}")


def test_one_that_is_taken_refuses_the_start_and_is_named(stack):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        guard = ShopGuard(stack, group(E2E))
        guard.flags = [f"--web.listen-address=127.0.0.1:{taken.getsockname()[1]}"]
        guard.launch()
        assert guard.wait_ended() == 1
        assert f"--web.listen-address 127.0.0.1:{taken.getsockname()[1]}: Address already in use" in guard.log.read_text()
        assert listening_lines(guard) == []


class ActivatedGuard(ShopGuard):
    """A guard that is passed a socket, which outlives it."""

    def __init__(self, stack, *groups, **more):
        super().__init__(stack, *groups, **more)
        self.socket = None

    def listening(self):
        return []

    def launch(self):
        if self.socket is None:
            self.socket = socket.create_server(("127.0.0.1", self.port.number))
        self.write_configuration()
        argv = [sys.executable, "-c", PASS_ON, str(self.socket.fileno()), *map(str, self.argv())]
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(argv, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=subprocess.STDOUT, start_new_session=True,
                                             pass_fds=[self.socket.fileno()])
        return self

    def close(self):
        super().close()
        if self.socket is not None:
            self.socket.close()


def test_who_asks_while_the_guard_restarts_is_answered_by_the_next_one(stack):
    guard = ActivatedGuard(stack, group(E2E)).start()
    says_it_listens_at(guard, guard.address)
    guard.stop()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(get(f"{guard.url}/-/healthy").status))
    asking.start()
    guard.start()
    asking.join(20)
    assert answers == [200]


def test_addresses_that_are_named_go_before_the_socket(stack):
    guard = ActivatedGuard(stack, group(E2E))
    other = reserve()
    guard.flags = [f"--web.listen-address=127.0.0.1:{other.number}"]
    guard.ready = lambda: "msg=listening" in guard.log.read_text()
    guard.start()
    assert [port for _, port, _ in listening_lines(guard)] == [str(other.number)]
    assert "nobody listens on them: leave --web.listen-address out" in guard.log.read_text()


def test_a_hook_has_neither_the_socket_nor_its_variables(stack):
    guard = ActivatedGuard(stack, group(E2E), hook=LOOK_AROUND).start()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    wait_until((guard.directory / "seen.fd").exists, "the hook ran")
    guard.wait_phase("r1", "verifying", "rolled_back")
    assert "LISTEN" not in (guard.directory / "seen.env").read_text()
    assert "socket:" not in (guard.directory / "seen.fd").read_text()
    supervisors = [pid for pid in os.listdir("/proc") if pid.isdigit() and is_child(pid, guard.pid)]
    assert all("LISTEN" not in environment(pid) for pid in supervisors)


def is_child(pid, parent):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1]) == parent
    except OSError:
        return False


def environment(pid):
    try:
        with open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace") as variables:
            return variables.read()
    except OSError:
        return ""


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="systemd is not on this machine")
def test_it_takes_what_systemd_passes(stack):
    guard = ShopGuard(stack, group(E2E))
    guard.flags = ["--web.systemd-socket"]
    guard.listening = lambda: []
    guard.argv = lambda: ["systemd-socket-activate", "--listen", guard.address, *type(guard).argv(guard)]
    guard.start()
    assert get(f"{guard.url}/-/healthy").status == 200


def test_without_a_socket_it_says_what_to_do(stack):
    guard = ShopGuard(stack, group(E2E))
    guard.flags = ["--web.systemd-socket"]
    guard.listening = lambda: []
    guard.launch()
    assert guard.wait_ended() == 1
    assert "--web.systemd-socket: nobody passes a socket on" in guard.log.read_text()


def test_the_two_ways_to_listen_exclude_each_other():
    ended = subprocess.run([BINARY, "serve", "--web.systemd-socket", "--web.listen-address=127.0.0.1:0"], text=True,
                           capture_output=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "--web.systemd-socket" in ended.stderr and "--web.listen-address" in ended.stderr


@pytest.fixture
def below(stack):
    guard = ShopGuard(stack, group(E2E))
    guard.token = "operator-has-this-token"
    guard.configuration["tokens"] = [
        {"name": "operator", "role": "operate", "token_file": str(guard.write_token("operator.token", guard.token))}]
    guard.flags = ["--web.route-prefix=/ops/guard/"]
    guard.prefix = "/ops/guard"
    return guard.start()


def test_everything_is_below_the_prefix(below):
    for path in ("/-/healthy", "/-/ready", "/metrics", "/api/v1/releases", "/"):
        assert below.call("GET", path).status == 200
        assert path == "/" or request("GET", f"http://{below.address}{path}", token=below.token).status == 404
    below.watch("r1")
    assert below.release("r1")["phase"] == "settling" or below.release("r1")["phase"] == "watching"


def test_who_asks_is_told_the_address_and_the_prefix(below):
    assert below.call("GET", "/api/v1/in_force").json()["listening"] == {
        "addresses": [below.address], "path": "/ops/guard/", "tls": False, "web_config_file": False}


@pytest.mark.parametrize("path, way", [("/", "ops/guard/"), ("/ops/guard", "guard/")])
def test_the_front_door_leads_there(below, path, way):
    answer = request("GET", f"http://{below.address}{path}")
    assert (answer.status, answer.headers["Location"]) == (302, way)


def test_the_command_line_works_below_it(below):
    token = below.directory / "operator.token"
    below.watch("r1")
    assert "r1" in below.run("release", "list", token_file=token).stdout
    assert run_cli("healthcheck", f"--server={below.url}").returncode == 0
    assert run_cli("healthcheck", f"--server=http://{below.address}").returncode != 0


@pytest.mark.parametrize("proxied", [False, True])
def test_the_page_works_below_it_and_stays_signed_in(below, stack, browser, proxied):
    """Straight, and behind a proxy that puts it below yet another path."""
    below.watch("r1")
    address = below.url
    if proxied:
        front = stack.add(Front(stack.directory, f"{below.address}/ops/guard", prefix="/tools"))
        address = f"{front.url}/tools"
    browser.open(f"{address}/")
    browser.sees("Sign in", "h1")
    browser.click("#stay")
    browser.type("#token", below.token)
    browser.press("Enter")
    browser.sees("Live", "header")
    browser.run("sessionStorage.clear()")
    browser.open(f"{address}/#/releases/r1")
    browser.reload()
    browser.sees("What happens next")
    assert [words for words in browser.complaints() if "401" not in words] == []


def test_the_front_door_opens_the_page(below, browser):
    browser.open(f"http://{below.address}/")
    browser.sees("Sign in", "h1")
    assert browser.run("location.pathname") == "/ops/guard/"
