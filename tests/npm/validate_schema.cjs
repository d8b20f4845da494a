// SPDX-License-Identifier: Apache-2.0
// Reads {"schema": …, "value": …} from standard input; prints each violation on a line. Exit code 0: none. Formats are
// left out: "duration" means another thing in Compose (10s) than in JSON Schema (PT10S).
const Ajv = require("ajv/dist/2019");
const { readFileSync } = require("node:fs");

const { schema, value } = JSON.parse(readFileSync(0, "utf8"));
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
if (!validate(value)) {
  for (const error of validate.errors) console.log(`${error.instancePath || "/"}: ${error.message}`);
  process.exit(1);
}
