// SPDX-License-Identifier: Apache-2.0
//
// Drives one page of Debian's Chromium for tests/stack/browser.py: each line of standard input is a JSON call
// {"call": name, ...arguments}, each line of standard output its answer, {"value": …} or {"error": words}. The browser
// ends with the input.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../npm/package.json", import.meta.url))("playwright-core");

const flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const patience = 60000;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags, chromiumSandbox: false });
const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC" });
const page = await context.newPage();
page.setDefaultTimeout(patience);

// Everything the browser complains about; a lost connection is part of some tests and told apart by its words.
const complaints = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
page.on("dialog", (dialog) => (complaints.push(`dialog: ${dialog.message()}`), dialog.dismiss()));

const calls = {
  open: ({ url }) => page.goto(url).then(() => null),
  reload: () => page.reload().then(() => null),
  click: ({ at }) => page.locator(at).click(),
  type: ({ at, text }) => page.locator(at).fill(text),
  choose: ({ at, value }) => page.locator(at).selectOption(value).then(() => null),
  press: ({ key }) => page.keyboard.press(key),
  texts: ({ at }) => page.locator(at).evaluateAll((nodes) => nodes.filter((n) => n.checkVisibility()).map((n) => n.innerText)),
  count: ({ at }) => page.locator(at).count(),
  attribute: ({ at, name }) => page.locator(at).getAttribute(name),
  box: ({ at }) => page.locator(at).boundingBox(),
  // A function of no arguments as text, run in the page.
  run: ({ body }) => page.evaluate(body),
  title: () => page.title(),
  size: ({ width, height }) => page.setViewportSize({ width, height }),
  media: (media) => page.emulateMedia(media),
  // What the user writes where the browser itself asks for a password.
  knows: ({ username, password }) => context.setHTTPCredentials({ username, password }),
  hover: ({ at }) => page.locator(at).hover(),
  picture: ({ path, full }) => page.screenshot({ path, fullPage: full }).then(() => null),
  complaints: () => complaints.splice(0),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, ...rest } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await calls[call](rest)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
await browser.close();
