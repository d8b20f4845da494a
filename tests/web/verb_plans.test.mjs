// SPDX-License-Identifier: Apache-2.0
//
// What the page says an order will do, before anything is sent.
import assert from "node:assert/strict";
import test from "node:test";
import { planOf } from "../../guard/web/src/verb_plans.js";

const release = {
  service: "shop", environment: "production", version: "v3", previous_version: "v2", hook: "promote", decisions: [], goes_back_to: "v1",
};

test("where an order leads that names no version, the guard says and not the page", () => {
  const said = (target, more = {}) => planOf("rollback", { ...release, ...more }, target).effects[0];
  assert.equal(said("v1"), "Hook promote is called now: it takes shop in production from v3 back to v1.");
  assert.match(said("v2"), / Without a choice it would be v1\.$/);
  assert.doesNotMatch(said("v2", { goes_back_to: null }), /Without a choice/);
  assert.match(said("", { goes_back_to: null }), /^Say which version/);
});
