# SPDX-License-Identifier: Apache-2.0
"""nginx as production has it before a metrics server: it asks who calls, speaks TLS, and moves the path."""

import os
import subprocess

from stack.http import request
from stack.server import Server, program

CONFIGURATION = """\
{user}
worker_processes 1;
daemon off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen {address}{ssl};
    location = /front {{ return 204; }}
    location {prefix}/ {{
      {demands}
      proxy_pass http://{upstream}/;
    }}
  }}
}}
"""


class Front(Server):
    """upstream: the address it stands before. prefix: the path under which it is found. demands: nginx directives
    for each request. tls: (certificate, key, CA that clients must show a certificate of, or None).
    """

    name = "front"

    def __init__(self, directory, upstream, prefix="", demands="", tls=None, name=None):
        super().__init__(directory, name)
        self._tls = tls
        lines = "" if tls is None else f"; ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]}"
        if tls is not None and tls[2] is not None:
            lines += f"; ssl_client_certificate {tls[2]}; ssl_verify_client on"
        (self.directory / "nginx.conf").write_text(CONFIGURATION.format(
            # As root, nginx would change to a user who cannot read the test's directory.
            user="user root;" if os.getuid() == 0 else "", directory=self.directory, address=self.address,
            ssl=(" ssl" if tls else "") + lines, prefix=prefix, demands=demands, upstream=upstream))

    @property
    def url(self):
        return f"{'http' if self._tls is None else 'https'}://{self.address}"

    def argv(self):
        return [program("nginx"), "-e", "stderr", "-p", self.directory, "-c", self.directory / "nginx.conf"]

    def ready(self):
        # With TLS a plain request gets a 400, which shows as well that it serves.
        return request("GET", f"http://{self.address}/front").status in (204, 400)


class Authority:
    """A certificate authority in this directory; its certificates are files there."""

    def __init__(self, directory):
        self._directory = directory
        self.certificate = directory / "ca.pem"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem")

    def issue(self, name, alternative):
        """(certificate, key) for a subjectAltName such as IP:127.0.0.1."""
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                      "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self._directory / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self._directory / f"{name}.pem", self._directory / f"{name}.key"

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self._directory, check=True, capture_output=True, timeout=60,
                       stdin=subprocess.DEVNULL)
