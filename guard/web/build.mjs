// SPDX-License-Identifier: Apache-2.0
//
// node build.mjs PAGE.CPP: bundles src/ into scripts and one style sheet, names them by their content, and writes them
// and the page that loads them as a C++ file (see page.hpp). What src/ imports only when it is needed, `import(…)`, is a
// bundle of its own, with all that it needs; so no module that it shares with the page may hold state of both.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (name) => fileURLToPath(new URL(`src/${name}`, import.meta.url));

// What browsers of the last years run, Debian 12's among them.
const target = ["chrome109", "firefox115", "safari16"];

// The most that a browser has to load before it shows a release: the page is read on phones, at night.
const firstPage = 122_000;

const uplot = "uPlot 1.6, (c) Leon Sorokin, MIT license, https://github.com/leeoniya/uPlot";
const editor = "CodeMirror 6, Lezer and what they need, (c) Marijn Haverbeke and others, MIT license, " +
  "https://codemirror.net; codemirror-promql and lezer-promql, (c) The Prometheus Authors, Apache-2.0 license; " +
  "lru-cache, (c) Isaac Z. Schlueter and Contributors, BlueOak-1.0.0 license";
// The bundles that are loaded when they are needed, each with those whose work it contains.
const later = { "./confirmation.js": [], "./in_force_view.js": [], "./preflight_view.js": [], "./delivery_section.js": [], "./after_section.js": [], "./what_if.js": [uplot], "./rules_view.js": [uplot, editor] };

// Where the page finds them, once they are bundled.
const bundled = {};
const apart = {
  name: "apart",
  setup: (build) => build.onResolve({ filter: /^\.\// }, ({ path, kind }) =>
    (kind === "dynamic-import" ? { path: bundled[path], external: true } : undefined)),
};

async function bundle(name, type, contained = []) {
  const result = await build({
    entryPoints: [source(name)],
    bundle: true,
    minify: true,
    format: "esm",
    target,
    charset: "utf8",
    banner: contained.length > 0 ? { js: `/*! Contains ${contained.join("; ")} */` } : {},
    legalComments: "none",
    plugins: [apart],
    write: false,
  });
  const body = Buffer.from(result.outputFiles[0].contents);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const [stem, extension] = name.split(".");
  return { path: `/assets/${stem}-${hash}.${extension}`, type, body };
}

const script = "text/javascript; charset=utf-8";

async function bundleLater() {
  const files = [];
  for (const [name, contained] of Object.entries(later)) {
    const file = await bundle(name.slice(2), script, contained);
    bundled[name] = file.path.replace("/assets", ".");  // beside the script that asks for it
    files.push(file);
  }
  return files;
}

function page(first, style) {
  const html = readFileSync(source("index.html"), "utf8")
    .replace("app.js", first.path.slice(1))  // relative, like all addresses of the page
    .replace("style.css", style.path.slice(1));
  return { path: "/", type: "text/html; charset=utf-8", body: Buffer.from(html) };
}

// Numbers, not a literal: no compiler has a limit on them.
function array(file, index) {
  // Whether a char has a sign depends on the machine.
  const char = (byte) => (byte > 127 ? `'\\x${byte.toString(16)}'` : byte);
  return `constexpr char body_${index}[] = {${[...file.body].map(char).join(",")}};\n`;
}

function cpp(files) {
  const entry = (file, index) => `  File{"${file.path}", "${file.type}", {body_${index}, sizeof(body_${index})}},\n`;
  return [
    '// Made by guard/web/build.mjs.\n#include "guard/web/page.hpp"\n\n#include <array>\n\n',
    "namespace guard::web {\nnamespace {\n\n",
    ...files.map(array),
    "\nconstexpr std::array all{\n",
    ...files.map(entry),
    "};\n\n}  // namespace\n\nstd::span<const File> files() {\n  return all;\n}\n\n}  // namespace guard::web\n",
  ].join("");
}

const others = await bundleLater();
const first = await bundle("app.js", script, [uplot]);
const style = await bundle("style.css", "text/css; charset=utf-8");
const html = page(first, style);
const size = [html, first, style].reduce((sum, { body }) => sum + body.length, 0);
if (size > firstPage)
  throw new Error(`the first page has ${size} bytes, more than ${firstPage}: import(…) what is not needed at once`);
writeFileSync(process.argv[2], cpp([html, first, style, ...others]));
