// SPDX-License-Identifier: Apache-2.0
// Reads {schema, documents} from stdin: a JSON Schema and YAML texts. Writes {documents: for each the list of what is
// wrong with it, values: what is wrong with the defaults and examples of the schema}, as an editor would find it.
import { createRequire } from "node:module";
import { json } from "node:stream/consumers";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const Ajv = require("ajv");
const { parseDocument } = require("yaml");

const ajv = new Ajv({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
ajv.addKeyword("patternErrorMessage");

const complaints = (validate, value) =>
  validate(value) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);

function read(text, validate) {
  const document = parseDocument(text, { version: "1.2" });
  const errors = [...document.errors, ...document.warnings];
  return errors.length > 0 ? errors.map(({ message }) => message) : complaints(validate, document.toJS());
}

// Of a part of the schema, and of all its parts.
function wrongValues(part) {
  if (part === null || typeof part !== "object") return [];
  const values = [...(part.examples ?? []), ...("default" in part ? [part.default] : [])];
  const own = values.length > 0 ? values.flatMap((value) => complaints(ajv.compile(part), value)) : [];
  return own.concat(Object.values(part).flatMap(wrongValues));
}

const { schema, documents } = await json(process.stdin);
const validate = ajv.compile(schema);
process.stdout.write(
  JSON.stringify({ documents: documents.map((text) => read(text, validate)), values: wrongValues(schema.properties) }),
);
