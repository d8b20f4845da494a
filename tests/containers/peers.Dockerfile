# SPDX-License-Identifier: Apache-2.0
# Debian's programs in the place of the images that docker-compose.yml names: the same users, entry points and folders.
FROM localhost/peers AS peers
# The images have no other.
RUN ln -s busybox /usr/bin/wget

FROM peers AS prometheus
RUN install -d -o nobody -g nogroup /prometheus
USER nobody
WORKDIR /prometheus
ENTRYPOINT ["/usr/bin/prometheus"]

FROM peers AS alertmanager
RUN install -d -o nobody -g nogroup /alertmanager
USER nobody
WORKDIR /alertmanager
ENTRYPOINT ["/usr/bin/prometheus-alertmanager"]

FROM peers AS node-exporter
USER nobody
ENTRYPOINT ["/usr/bin/prometheus-node-exporter"]

FROM peers AS redis
WORKDIR /data
# Redis' own image is built with it: who reaches the container's port is a fellow.
ENTRYPOINT ["/bin/sh", "-c", "exec \"$@\" --protected-mode no", "sh"]

FROM peers AS redis-exporter
USER 59000:59000
ENTRYPOINT ["/usr/bin/prometheus-redis-exporter"]
