// SPDX-License-Identifier: Apache-2.0
// Holds dashboards against the types that Grafana publishes in @grafana/schema. Arguments: the dashboards' files.
// Prints what the compiler objects to and exits 1, or prints nothing.
//
// The package has types but no JSON Schema, so each dashboard becomes an expression that must `satisfy` them, and the
// options of each panel those of its own kind, which the dashboard's type leaves open.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const npm = fileURLToPath(new URL("../npm/", import.meta.url));
const ts = createRequire(join(npm, "package.json"))("typescript");
const generated = join(npm, "dashboards.generated.ts");  // exists only in memory, beside node_modules

const kinds = { bargauge: "BarGauge", stat: "Stat", "state-timeline": "StateTimeline", table: "Table",
  timeseries: "TimeSeries" };

const head = `
import type * as dashboard from "@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen";
${Object.entries(kinds).map(([kind, name]) => `import type * as ${name} from
  "@grafana/schema/dist/esm/raw/composable/${kind.replace("-", "")}/panelcfg/x/${name}PanelCfg_types.gen";`).join("\n")}

// What JSON can say of T: a text where the types have an enum of texts.
type Json<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

// The published type of an annotation knows only Grafana's own kind. The keys of the Prometheus kind are those that
// @grafana/prometheus reads; they are allowed in annotations and nowhere else.
type Annotation = dashboard.AnnotationQuery & Partial<{ expr: string; step: string; titleFormat: string;
  textFormat: string; tagKeys: string; useValueForTime: boolean }>;
type Dashboard = Omit<dashboard.Dashboard, "annotations"> & { annotations: { list: Annotation[] } };
`;

const text = (value) => JSON.stringify(value, null, 1);

// What a panel sets of its kind's own properties, for all its series and for some.
function customOf({ defaults, overrides }) {
  const some = overrides.flatMap(({ properties }) => properties).filter(({ id }) => id.startsWith("custom."));
  const named = some.map(({ id, value }) => [id.slice("custom.".length), value]);
  return { ...defaults.custom, ...Object.fromEntries(named) };
}

function checks(path, number) {
  const json = JSON.parse(readFileSync(path, "utf8"));
  const out = [`// ${basename(path)}`, `export const d${number} = ${text(json)} satisfies Json<Dashboard>;`];
  for (const panel of json.panels.filter(({ type }) => type !== "row")) {
    const name = kinds[panel.type];
    if (!name) throw new Error(`${path}: no types are known for panels of type ${panel.type}`);
    const id = `${number}_${panel.id}`;
    out.push(`// ${basename(path)}: ${panel.title}`);
    out.push(`export const o${id} = ${text(panel.options)} satisfies Json<${name}.Options>;`);
    const custom = customOf(panel.fieldConfig);
    if (Object.keys(custom).length === 0) continue;
    out.push(`export const c${id} = ${text(custom)} satisfies Json<Partial<${name}.FieldConfig>>;`);
  }
  return out.join("\n");
}

function compile(source) {
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === generated || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === generated ? ts.createSourceFile(name, source, ...rest) : getSourceFile(name, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([generated], options, host));
}

// The line of the generated source and the message: the line says which value of which dashboard is meant.
function tell(diagnostic, source) {
  const { line } = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start) ?? { line: 0 };
  const where = source.split("\n").slice(Math.max(0, line - 3), line + 1).join("\n");
  return `${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}\n${where}`;
}

const source = head + process.argv.slice(2).map(checks).join("\n");
const found = compile(source);
for (const diagnostic of found) console.log(tell(diagnostic, source));
process.exitCode = found.length === 0 ? 0 : 1;
