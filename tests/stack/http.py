# SPDX-License-Identifier: Apache-2.0
"""HTTP for tests: every answer is returned with its status, only a missing answer raises (OSError)."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

TIMEOUT = 10.0


class HttpError(OSError):
    """A status the caller did not want; an OSError, so that wait_until keeps waiting."""

    def __init__(self, url, answer):
        super().__init__(f"{url}: HTTP {answer.status}: {answer.text[:500]}")
        self.answer = answer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)


# A redirect is an answer to look at, and no proxy of the environment stands before a loopback server.
class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def request(method, url, body=None, headers=None, token=None):
    """Sends one request; `body` is bytes, `token` a bearer token. Any status is an Answer."""
    headers = dict(headers or {})
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    message = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with _opener.open(message, timeout=TIMEOUT) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read())


def get(url, token=None):
    """The Answer to a GET; HttpError unless it is 200."""
    answer = request("GET", url, token=token)
    if answer.status != 200:
        raise HttpError(url, answer)
    return answer


def get_json(url, token=None):
    return get(url, token).json()


def post_json(url, value, token=None):
    """The Answer to a JSON POST; HttpError unless it is 2xx."""
    body = json.dumps(value).encode()
    answer = request("POST", url, body, {"Content-Type": "application/json"}, token)
    if answer.status // 100 != 2:
        raise HttpError(url, answer)
    return answer
