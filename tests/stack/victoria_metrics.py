# SPDX-License-Identifier: Apache-2.0
"""A real VictoriaMetrics, which answers PromQL nearly as Prometheus does."""

import yaml

from stack.http import get
from stack.server import Server, program


class VictoriaMetrics(Server):
    """jobs: job name -> targets, each "host:port"; scraped every second."""

    name = "victoria_metrics"

    def __init__(self, directory, jobs=(), name=None):
        super().__init__(directory, name)
        self.jobs = dict(jobs)

    def argv(self):
        return [program("victoria-metrics"), f"-httpListenAddr={self.address}", "-storageDataPath=data",
                "-promscrape.config=scrape.yml",
                # By default it answers for half a minute ago, which no test has the time for.
                "-search.latencyOffset=1s"]

    def ready(self):
        return get(f"{self.url}/health").status == 200

    def launch(self):
        (self.directory / "scrape.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": job, "static_configs": [{"targets": list(targets)}]}
                               for job, targets in self.jobs.items()],
        }))
        return super().launch()
