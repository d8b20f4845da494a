// SPDX-License-Identifier: Apache-2.0
//
// node build.mjs FOLDER: puts page.html and what it needs into the folder.
import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = process.argv[2];

await build({
  entryPoints: [here("page.jsx")],
  outfile: `${folder}/page.js`,
  bundle: true,
  format: "esm",
  jsx: "automatic",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  loader: { ".woff": "empty", ".woff2": "empty" },
  logLevel: "error",
});
await copyFile(here("page.html"), `${folder}/page.html`);
