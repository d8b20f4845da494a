# SPDX-License-Identifier: Apache-2.0
"""nginx in front of a blue and a green copy of a service; which one is live stands in one included file."""

import os
import signal

from stack.http import get
from stack.server import Server, program

CONFIGURATION = """\
{user}
worker_processes 1;
daemon off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  # Written anew by the deploy script, then nginx reloads.
  include {directory}/upstream.conf;
  server {{
    listen {address};
    location = /fault {{ return 403; }}
    location = /metrics {{ return 403; }}
    location {path} {{
      proxy_pass http://live/;
      proxy_next_upstream off;
      proxy_connect_timeout 2s;
      proxy_read_timeout 30s;
    }}
  }}
}}
"""


class Nginx(Server):
    """live: the address of the copy that serves at first; path: where it is put; health: what it answers below that."""

    name = "nginx"

    def __init__(self, directory, live, path="/", health="health"):
        super().__init__(directory)
        self.path = path
        self.health = health
        self.upstream = self.directory / "upstream.conf"
        self.upstream.write_text(f"upstream live {{ server {live}; }}\n")
        # As root, nginx would change to a user who cannot read the test's directory.
        user = "user root;" if os.getuid() == 0 else ""
        (self.directory / "nginx.conf").write_text(
            CONFIGURATION.format(user=user, directory=self.directory, address=self.address, path=path))

    @property
    def pid_file(self):
        return self.directory / "nginx.pid"

    def argv(self):
        return [program("nginx"), "-e", "stderr", "-p", self.directory, "-c", self.directory / "nginx.conf"]

    def ready(self):
        return get(f"{self.url}{self.path}{self.health}").status == 200

    def reload(self):
        self.signal(signal.SIGHUP)
