// SPDX-License-Identifier: Apache-2.0
// Reads a list of what is to be sent and writes for each the message as public packages make it: {headers, body}.
// {mode: "binary" | "structured", event} is a CloudEvent by `cloudevents`; {github, payload, secret} a webhook of GitHub
// by `@octokit/webhooks-methods`.
import { readFileSync } from "node:fs";
import { sign } from "@octokit/webhooks-methods";
import { CloudEvent, HTTP } from "cloudevents";

const messages = JSON.parse(readFileSync(0, "utf8")).map(async ({ mode, event, github, payload, secret }) => {
  if (mode) {
    const { headers, body } = HTTP[mode](new CloudEvent(event));
    return { headers, body: typeof body === "string" ? body : JSON.stringify(body) };
  }
  const body = JSON.stringify(payload);
  return {
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "GitHub-Hookshot/044aadd",
      "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "X-GitHub-Event": github,
      "X-Hub-Signature-256": await sign(secret, body),
    },
    body,
  };
});
process.stdout.write(JSON.stringify(await Promise.all(messages)));
