// SPDX-License-Identifier: Apache-2.0
// Reads {document, checks: [{schema, value}]} and writes one list of complaints per check: `schema` is a reference
// ("#/…") into the OpenAPI document, whose schemas are JSON Schema 2020-12.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const { document, checks } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
addFormats(ajv);
// What OpenAPI adds around its schemas means nothing to JSON Schema.
ajv.addVocabulary(Object.keys(document).concat(["example"]));
ajv.addSchema(document, "openapi");

const complaints = checks.map(({ schema, value }) => {
  const validate = ajv.compile({ $ref: `openapi${encodeURI(schema)}` });
  const complaint = ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
  return validate(value) ? [] : validate.errors.map(complaint);
});
process.stdout.write(JSON.stringify(complaints));
