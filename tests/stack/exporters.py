# SPDX-License-Identifier: Apache-2.0
"""Redis and the ready-made exporters."""

import redis

from stack.http import get
from stack.server import Server, program


class NodeExporter(Server):
    name = "node_exporter"

    def argv(self):
        return [program("prometheus-node-exporter"), f"--web.listen-address={self.address}",
                "--collector.disable-defaults", "--collector.cpu", "--collector.meminfo", "--collector.filesystem",
                "--collector.loadavg"]

    def ready(self):
        return get(f"{self.url}/metrics").status == 200


class Redis(Server):
    """A Redis that keeps nothing on disk."""

    name = "redis"

    def argv(self):
        return [program("redis-server"), "--bind", "127.0.0.1", "--port", self.port.number, "--save", "",
                "--appendonly", "no", "--daemonize", "no"]

    def ready(self):
        try:
            return self.client().ping()
        except redis.RedisError:
            return False

    @property
    def url(self):
        return f"redis://{self.address}"

    def client(self):
        return redis.Redis(host="127.0.0.1", port=self.port.number, socket_timeout=5)


class RedisExporter(Server):
    """queues: Redis lists whose length is exported as redis_key_size."""

    name = "redis_exporter"

    def __init__(self, directory, redis_server, queues=(), name=None):
        super().__init__(directory, name)
        self._redis = redis_server
        self._queues = list(queues)

    def argv(self):
        queues = [f"-check-single-keys={','.join(self._queues)}"] if self._queues else []
        return [program("prometheus-redis-exporter"), f"-web.listen-address={self.address}",
                f"-redis.addr={self._redis.url}", *queues]

    def ready(self):
        return get(f"{self.url}/metrics").status == 200
