// SPDX-License-Identifier: Apache-2.0
// Reads [{path, text, complete}] from stdin: files as they stand in an editor, and [line, column] of the cursor. Writes,
// for each, {problems: what the YAML language server of editors finds, offered: what it would complete there}.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const npm = new URL("../npm/package.json", import.meta.url);
const require = createRequire(npm);
const rpc = require("vscode-jsonrpc/node");
const binary = new URL("node_modules/yaml-language-server/bin/yaml-language-server", npm);

const server = spawn(process.execPath, [binary.pathname, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const editor = rpc.createMessageConnection(
  new rpc.StreamMessageReader(server.stdout),
  new rpc.StreamMessageWriter(server.stdin),
);
const found = new Map(); // by uri: what takes the server's word on it
editor.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => found.get(uri)?.(diagnostics));
// Nothing but the file says which schema it has: no catalogue is fetched.
const settings = { yaml: { schemaStore: { enable: false } }, "[yaml]": {}, editor: {}, http: {} };
editor.onRequest("workspace/configuration", ({ items }) => items.map(({ section }) => settings[section] ?? null));
editor.onRequest("client/registerCapability", () => null);
editor.listen();

async function look({ path, text, complete }) {
  const uri = pathToFileURL(path).href;
  const problems = new Promise((resolve) => found.set(uri, resolve));
  editor.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  const messages = (await problems).map(({ message }) => message);
  const [line, character] = complete;
  const { items } = await editor.sendRequest("textDocument/completion", {
    textDocument: { uri },
    position: { line, character },
  });
  return { problems: messages, offered: items.map(({ label }) => label) };
}

await editor.sendRequest("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: { workspace: { configuration: true } },
});
editor.sendNotification("initialized", {});
const answers = [];
for (const file of await json(process.stdin)) answers.push(await look(file));
process.stdout.write(JSON.stringify(answers));
server.kill();
editor.dispose();
