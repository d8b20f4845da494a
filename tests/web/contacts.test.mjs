// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { callsOf, contactsText } from "../../guard/web/src/contacts.js";

const contacts = { primary: "Ada, @ada", secondary: "", lead: "Grace" };

test("who is named is called, in order", () => {
  assert.equal(contactsText(contacts), "primary on-call: Ada, @ada; lead: Grace");
});

test("nobody is called about a release that needs nobody, or where nobody is named", () => {
  assert.equal(callsOf({ needs_person: "look", contacts }), "Whom to call: primary on-call: Ada, @ada; lead: Grace");
  assert.equal(callsOf({ needs_person: "", contacts }), "");
  assert.equal(callsOf({ needs_person: "look", contacts: { primary: "", secondary: "", lead: "" } }), "");
});
