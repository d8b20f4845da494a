# syntax=docker/dockerfile:1
# SPDX-License-Identifier: Apache-2.0
#
#   docker build -t release-guard .                                  on Debian 13
#   docker build -t release-guard --build-arg DEBIAN=bookworm .      on Debian 12
#
# Every package comes from packages.list. `--target demo-service` is what docker-compose.yml watches:
# the service, and the traffic that reaches it.
ARG DEBIAN=trixie

FROM debian:${DEBIAN}-slim AS build
WORKDIR /src
COPY packages.list dev ./
COPY guard/web/package.json guard/web/package-lock.json guard/web/
RUN ./dev setup build && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY exporters exporters
COPY guard guard
# What `--version` says of the sources, which come without their repository.
ARG REVISION= DATE=
RUN RELEASE_GUARD_REVISION=$REVISION RELEASE_GUARD_DATE=$DATE ./dev build && strip build/release/release-guard

FROM debian:${DEBIAN}-slim AS demo-service
WORKDIR /src
COPY packages.list dev ./
RUN ./dev setup demo && rm -rf /var/lib/apt/lists/*
COPY tests/demo/demo_service.py tests/demo/traffic.py ./
USER 65532:65532
EXPOSE 8000
ENTRYPOINT ["/usr/bin/python3", "-B", "/src/demo_service.py"]

FROM debian:${DEBIAN}-slim AS guard
WORKDIR /src
COPY packages.list dev ./
RUN ./dev setup runtime && rm -rf /var/lib/apt/lists/* /src \
    && install -d -o 65532 -g 65532 /var/lib/release-guard /etc/release-guard
COPY --from=build /src/build/release/release-guard /usr/local/bin/release-guard
LABEL org.opencontainers.image.title="Release Guard" \
      org.opencontainers.image.description="Watches a release through its SLOs and rolls it back once when they break" \
      org.opencontainers.image.licenses="Apache-2.0"
USER 65532:65532
WORKDIR /etc/release-guard
VOLUME /var/lib/release-guard
EXPOSE 8929
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/usr/local/bin/release-guard", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/release-guard"]
CMD ["serve", "--config.file=/etc/release-guard/release-guard.yml", "--storage.path=/var/lib/release-guard", \
     "--web.listen-address=0.0.0.0:8929"]
