# SPDX-License-Identifier: Apache-2.0
"""Stands for the Slack channels of the shipped Alertmanager configuration."""

import json

from stack.recorder import Recorder
from stack.waiting import wait_until

CHANNELS = ("#deployments", "#incidents")


class Slack(Recorder):
    """Takes messages as Slack's incoming webhooks do, while its `with` block lasts."""

    def __init__(self):
        super().__init__(lambda received: (200, {"Content-Type": "text/plain"}, b"ok"))

    def address_files(self, directory):
        """Channel -> a file with its address, for api_url_file."""
        files = {}
        for channel in CHANNELS:
            files[channel] = directory / f"slack-{channel[1:]}.url"
            files[channel].write_text(f"{self.url}/{channel[1:]}\n")
        return files

    def messages(self, channel):
        """The messages (Slack's attachments) that this channel was sent, in order."""
        sent = [json.loads(received.body) for received in self.received if received.path == f"/{channel[1:]}"]
        assert {message["channel"] for message in sent} <= {channel}
        return [message["attachments"][0] for message in sent]

    def titles(self, channel):
        return [message["title"] for message in self.messages(channel)]

    def wait_title(self, channel, title, seconds=90.0):
        """The message with this title, once the channel has it."""
        wait_until(lambda: title in self.titles(channel), f"{channel} is told: {title}", seconds)
        return next(message for message in self.messages(channel) if message["title"] == title)
