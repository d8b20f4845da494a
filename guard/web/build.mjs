// SPDX-License-Identifier: Apache-2.0
//
// node build.mjs PAGE.CPP: bundles src/ into one script and one style sheet, names them by their content, and writes
// them and the page that loads them as a C++ file (see page.hpp).
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (name) => fileURLToPath(new URL(`src/${name}`, import.meta.url));

// What browsers of the last years run, Debian 12's among them.
const target = ["chrome109", "firefox115", "safari16"];

async function bundle(name, type) {
  const result = await build({
    entryPoints: [source(name)],
    bundle: true,
    minify: true,
    format: "esm",
    target,
    charset: "utf8",
    banner: { js: "/*! Contains uPlot 1.6, (c) Leon Sorokin, MIT license, https://github.com/leeoniya/uPlot */" },
    write: false,
  });
  const body = Buffer.from(result.outputFiles[0].contents);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const [stem, extension] = name.split(".");
  return { path: `/assets/${stem}-${hash}.${extension}`, type, body };
}

function page(script, style) {
  const html = readFileSync(source("index.html"), "utf8")
    .replace("app.js", script.path.slice(1))  // relative, like all addresses of the page
    .replace("style.css", style.path.slice(1));
  return { path: "/", type: "text/html; charset=utf-8", body: Buffer.from(html) };
}

// Numbers, not a literal: no compiler has a limit on them.
function array(file, index) {
  return `constexpr char body_${index}[] = {${[...file.body].map((byte) => (byte > 127 ? byte - 256 : byte)).join(",")}};\n`;
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

const script = await bundle("app.js", "text/javascript; charset=utf-8");
const style = await bundle("style.css", "text/css; charset=utf-8");
writeFileSync(process.argv[2], cpp([page(script, style), script, style]));
