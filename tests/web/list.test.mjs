// SPDX-License-Identifier: Apache-2.0
//
// What the list shows, how its address says so, and the shapes of the small drawings in it.
import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, filtersOf, keepListAddress, listAddress, matches } from "../../guard/web/src/list_address.js";
import { sparkShape } from "../../guard/web/src/spark_shape.js";

const nothing = { service: "", environment: "", outcome: "" };
const release = (more) => ({ service: "shop", environment: "production", phase: "passed", final: true, ...more });
const size = { width: 100, height: 50 };

test("an address holds what is filtered by, and nothing else", () => {
  assert.equal(addressOf(nothing), "#/");
  const filters = { service: "a&b =c", environment: "", outcome: "rolled_back" };
  assert.deepEqual(filtersOf(addressOf(filters).split("?")[1]), filters);
  assert.equal(addressOf({ ...nothing, outcome: "open" }), "#/?outcome=open");
});

test("the way back leads to the list as it was", () => {
  assert.equal(listAddress(), "#/");
  keepListAddress("#/?service=shop");
  assert.equal(listAddress(), "#/?service=shop");
});

test("a release is shown if all that is asked for fits", () => {
  assert.ok(matches(nothing, release()));
  assert.ok(matches({ ...nothing, service: " SHOP " }, release()));
  assert.ok(!matches({ ...nothing, service: "shop2" }, release()));
  assert.ok(!matches({ ...nothing, environment: "prod" }, release()), "an environment is meant whole");
  assert.ok(matches({ ...nothing, outcome: "open" }, release({ phase: "watching", final: false })));
  assert.ok(!matches({ ...nothing, outcome: "open" }, release()));
  assert.ok(!matches({ service: "shop", environment: "production", outcome: "breached" }, release()));
});

test("a drawing has the value against its bound, and the bad side", () => {
  const shape = sparkShape([[0, 1, 2], [0, 1, 2], [1, 1, 1]], "<", size);
  assert.equal(shape.value, "M0 50h0L50 28.3L100 6.5");
  assert.equal(shape.bound, "M0 28.3h0L50 28.3L100 28.3");
  assert.equal(shape.bad, "M0 0L0 28.3L50 28.3L100 28.3L100 0Z");
  assert.ok(sparkShape([[0], [2], [1]], ">=", size).bad.startsWith("M0 50"), "below is bad");
  assert.equal(sparkShape([[0], [2], [1]], "==", size).bad, "");
});

test("a line breaks where no value is known", () => {
  assert.equal(sparkShape([[0, 1, 2], [1, null, 1], [null, null, null]], "<", size).value, "M0 6.5h0M100 6.5h0");
  assert.equal(sparkShape([[0, 1], [null, null], [1, 1]], "<", size), null);
  assert.equal(sparkShape([[0], [0], [null]], "<", size).value, "M0 50h0", "a flat zero has its place");
});
