# SPDX-License-Identifier: Apache-2.0
"""The file of --web.config.file, as Prometheus and its exporters take it: TLS, users and their passwords, headers."""

import base64
import json
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest
import yaml

from shop import E2E, ShopGuard, group
from stack import Prometheus, wait_until
from stack.front import Authority
from stack.guard import BINARY, run_cli
from stack.http import request

PASSWORD = "correct horse"
HASH = "$2y$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu"   # of that, as `htpasswd -nBC 10` makes it
OTHER_HASH = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"   # of that as well
USERS = [{"name": "ada", "role": "operate"}, {"name": "alertmanager", "role": "alerts"}]


class WebGuard(ShopGuard):
    """A guard with a web configuration file that says what `file` is."""

    def __init__(self, stack, file, **more):
        super().__init__(stack, group(E2E, window="10m"), **more)
        self.web_file = self.directory / "web.yml"
        self.flags = [f"--web.config.file={self.web_file}"]
        self.write_web(file)

    def write_web(self, web):
        self.web_file.write_text(yaml.safe_dump(web, sort_keys=False))


def basic(user, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def ask(guard, path, user, password=PASSWORD, method="GET", **headers):
    return request(method, f"{guard.url}{path}", None, {**basic(user, password), **headers})


@pytest.fixture
def guard(stack):
    return WebGuard(stack, {"basic_auth_users": {"ada": HASH, "grace": HASH, "alertmanager": HASH}},
                    web={"users": USERS}).start()


def whoami(guard, user):
    answer = ask(guard, "/api/v1/whoami", user).json()
    return answer["name"], answer["role"]


def test_a_user_has_the_role_that_the_configuration_gives_else_read(guard):
    assert whoami(guard, "ada") == ("ada", "operate")
    assert whoami(guard, "grace") == ("grace", "read")
    assert ask(guard, "/-/reload", "grace", method="POST").status == 403
    assert ask(guard, "/-/reload", "ada", method="POST").status == 200
    assert ask(guard, "/api/v1/releases", "alertmanager").status == 403
    delivered = {"version": "4", "groupKey": "{}", "receiver": "guard", "status": "firing", "groupLabels": {},
                 "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager", "alerts": []}
    for user, status in (("alertmanager", 200), ("ada", 401)):
        answer = request("POST", f"{guard.url}/api/v1/alertmanager", json.dumps(delivered).encode(),
                         {**basic(user), "Content-Type": "application/json"})
        assert answer.status == status, answer.text


def test_nobody_else_is_known_on_this_machine_either(guard):
    for answer in (request("GET", f"{guard.url}/metrics"), ask(guard, "/metrics", "ada", "wrong"),
                   ask(guard, "/metrics", "mallory")):
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (
            401, 'Basic realm="Release Guard", charset="UTF-8"')
    assert request("GET", f"{guard.url}/-/healthy").status == 200


def test_a_page_of_another_site_orders_nothing_with_the_password_of_the_browser(guard):
    assert ask(guard, "/-/reload", "ada", method="POST", **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert ask(guard, "/-/reload", "ada", method="POST", **{"Origin": "https://evil.example"}).status == 403


def test_the_timeline_names_the_user(guard):
    body = json.dumps({"service": "shop", "environment": "production", "version": "v2", "previous_version": "v1", "id": "r1"})
    headers = {**basic("ada"), "Content-Type": "application/json"}
    assert request("POST", f"{guard.url}/api/v1/releases", body.encode(), headers).status == 201
    told = ask(guard, "/api/v1/releases/r1", "grace").json()["timeline"]
    assert any("ada" in str(event) for event in told), told


def test_the_page_is_used_with_the_password_that_the_browser_asks_for(guard, browser):
    body = json.dumps({"service": "shop", "environment": "production", "version": "v2", "previous_version": "v1", "id": "r1"})
    headers = {**basic("ada"), "Content-Type": "application/json"}
    assert request("POST", f"{guard.url}/api/v1/releases", body.encode(), headers).status == 201
    browser.open(f"{guard.url}/#/releases/r1")
    browser.sees("Sign in", "h1")
    browser.knows("ada", PASSWORD)
    browser.click("role=link[name='Sign in with user name and password']")
    browser.sees("What happens next")
    browser.sees("ada, operate", "header")
    browser.click("main >> role=button[name='Pause']")
    browser.sees("The window stands still meanwhile.", "dialog")
    browser.click("dialog >> button[type=submit]")
    wait_until(lambda: ask(guard, "/api/v1/releases/r1", "ada").json()["paused"], "the order is taken from the page")


def test_prometheus_scrapes_with_a_password(guard, stack):
    prometheus = stack.adopt(Prometheus(stack.directory, {"guard": [guard.address]}))
    (prometheus.directory / "password").write_text(PASSWORD)
    plain = prometheus._scrape
    prometheus._scrape = lambda *given: {**plain(*given), "basic_auth": {
        "username": "grace", "password_file": str(prometheus.directory / "password")}}
    prometheus.start()
    wait_until(lambda: prometheus.up("guard") == 1, "Prometheus has scraped the guard")


def test_a_reload_takes_other_users(guard):
    guard.write_web({"basic_auth_users": {"ada": OTHER_HASH}})
    assert ask(guard, "/-/reload", "ada", method="POST").status == 200
    assert ask(guard, "/metrics", "ada").status == 200
    assert ask(guard, "/metrics", "grace").status == 401


def test_a_reload_that_is_wrong_changes_nothing_and_shows_no_password(guard):
    guard.write_web({"basic_auth_users": {"ada": "hunter2hunter2"}})
    answer = ask(guard, "/-/reload", "ada", method="POST")
    assert answer.status == 500
    assert 'web.yml:1:1: `basic_auth_users`: "ada" has no bcrypt hash' in answer.text
    assert "hunter2" not in answer.text + guard.log.read_text()
    assert ask(guard, "/metrics", "grace").status == 200


def test_headers_are_in_every_response(stack):
    headers = {"X-Frame-Options": "deny", "Strict-Transport-Security": "max-age=60",
               "Content-Security-Policy": "frame-ancestors 'none'"}
    guard = WebGuard(stack, {"http_server_config": {"headers": headers}}).start()
    for path in ("/-/healthy", "/", "/nowhere", "/api/v1/releases"):
        with answer_of(guard, path) as answer:
            assert answer.headers["X-Frame-Options"] == "deny"
            assert answer.headers["Strict-Transport-Security"] == "max-age=60"
            assert "frame-ancestors 'none'" in answer.headers.get_all("Content-Security-Policy")
    # The page's own policy holds beside it.
    with answer_of(guard, "/") as answer:
        assert any("script-src 'self'" in policy for policy in answer.headers.get_all("Content-Security-Policy"))


def answer_of(guard, path):
    """The answer of any status, with every header that came."""
    try:
        return urllib.request.urlopen(f"{guard.url}{path}", timeout=10)
    except urllib.error.HTTPError as error:
        return error


def test_tls_with_certificates_that_name_a_user(stack):
    authority = Authority(stack.directory)
    certificate, key = authority.issue("guard", "IP:127.0.0.1")
    ada, ada_key = authority.issue("ada", "DNS:ada.example.org")
    other, other_key = authority.issue("other", "DNS:other.example.org")
    guard = WebGuard(stack, {
        "tls_server_config": {"cert_file": str(certificate), "key_file": str(key), "client_ca_file": str(authority.certificate),
                              "client_auth_type": "VerifyClientCertIfGiven", "client_allowed_sans": ["ada.example.org"],
                              "min_version": "TLS13"},
        "basic_auth_users": {"grace": HASH}}, web={"users": [{"name": "ada", "role": "deploy"}]})
    guard.ready = lambda: "msg=listening" in guard.log.read_text()
    guard.start()

    def reach(path, cert=None, version=None, headers=None):
        context = ssl.create_default_context(cafile=str(authority.certificate))
        if cert is not None:
            context.load_cert_chain(*map(str, cert))
        if version is not None:
            context.maximum_version = version
        question = urllib.request.Request(f"https://{guard.address}{path}", headers=headers or {})
        with urllib.request.urlopen(question, context=context, timeout=10) as answer:
            return json.load(answer)

    assert reach("/api/v1/whoami", (ada, ada_key))["role"] == "deploy"
    assert reach("/api/v1/whoami", headers=basic("grace"))["name"] == "grace"
    listening = reach("/api/v1/in_force", headers=basic("grace"))["listening"]
    assert listening == {"addresses": [guard.address], "path": "/", "tls": True, "web_config_file": True}
    with pytest.raises(OSError):
        reach("/api/v1/whoami", (other, other_key), headers=basic("grace"))
    with pytest.raises(OSError):
        reach("/api/v1/whoami", headers=basic("grace"), version=ssl.TLSVersion.TLSv1_2)


def test_a_reload_whose_tls_cannot_be_served_changes_nothing(stack):
    authority = Authority(stack.directory)
    certificate, key = map(str, authority.issue("guard", "IP:127.0.0.1"))
    _, strange_key = map(str, authority.issue("other", "IP:127.0.0.1"))
    web = {"tls_server_config": {"cert_file": certificate, "key_file": key}, "basic_auth_users": {"ada": HASH}}
    guard = WebGuard(stack, web, web={"users": USERS})
    guard.ready = lambda: "msg=listening" in guard.log.read_text()
    guard.start()
    context = ssl.create_default_context(cafile=str(authority.certificate))

    def reload():
        order = urllib.request.Request(f"https://{guard.address}/-/reload", headers=basic("ada"), method="POST")
        try:
            with urllib.request.urlopen(order, context=context, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    assert reload()[0] == 200
    mixed = {"cert_file": certificate, "key_file": strange_key}
    guard.write_web({"tls_server_config": mixed, "basic_auth_users": {"grace": HASH}})
    status, words = reload()
    assert status == 500 and strange_key in words
    checked = run_cli("check", f"--config.file={guard.config_file}", f"--web.config.file={guard.web_file}")
    assert checked.returncode == 1 and strange_key in checked.stdout
    guard.write_web({"basic_auth_users": {"ada": HASH}})
    status, words = reload()
    assert status == 500 and "tls_server_config was added or removed: restart the guard for that" in words
    guard.write_web(web)
    assert reload()[0] == 200, "ada was a user all the time"


def test_a_file_that_was_emptied_opens_no_guard(guard):
    guard.web_file.write_text("")
    refused = ask(guard, "/-/reload", "ada", method="POST")
    assert refused.status == 500 and "no tokens and no users are left" in refused.text
    assert request("GET", f"{guard.url}/metrics").status == 401
    assert whoami(guard, "ada") == ("ada", "operate")


def test_a_bookmark_may_hold_the_password(guard, browser):
    browser.open(guard.url.replace("//", f"//ada:{PASSWORD.replace(' ', '%20')}@") + "/api/v1/sign_in")
    browser.sees("ada, operate", "header")


def test_who_everyone_can_let_in_is_not_let_in(stack):
    guard = WebGuard(stack, {"basic_auth_users": {"ada": HASH}})
    guard.web_file.chmod(0o666)
    guard.launch()
    assert guard.wait_ended() == 1
    assert "can be written by everyone on this machine; run `chmod o-w` on it" in guard.log.read_text()


def test_tls_is_said_in_one_file_only(stack):
    authority = Authority(stack.directory)
    certificate, key = map(str, authority.issue("guard", "IP:127.0.0.1"))
    tls = {"tls_server_config": {"cert_file": certificate, "key_file": key}}
    guard = WebGuard(stack, tls, web=tls)
    guard.launch()
    assert guard.wait_ended() == 1
    assert "`web.tls_server_config` of the configuration file says how TLS is served as well" in guard.log.read_text()


def test_check_looks_at_it_as_serve_does(stack):
    guard = WebGuard(stack, {"http_server_config": {"http2": True}})
    guard.write_configuration()
    checked = run_cli("check", f"--config.file={guard.config_file}", f"--web.config.file={guard.web_file}")
    assert checked.returncode == 1
    assert "web.yml:2:10: `http2`: the guard speaks HTTP/1.1; write false, or delete the key" in checked.stdout
    served = subprocess.run([BINARY, *map(str, guard.argv()[1:])], text=True, capture_output=True, timeout=30, check=False)
    assert checked.stdout.splitlines()[0] in served.stderr


def test_an_empty_file_asks_for_nothing(stack):
    guard = WebGuard(stack, {})
    guard.web_file.write_text("# tls_server_config:\n#   cert_file: guard.pem\n\n")
    guard.start()
    assert request("GET", f"{guard.url}/api/v1/releases").status == 200
