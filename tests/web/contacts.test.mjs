// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { contactsText, neededText } from "../../guard/web/src/contacts.js";

const contacts = { primary: "Ada, @ada", secondary: "", lead: "Grace" };

test("who is named is called, in order", () => {
  assert.equal(contactsText(contacts), "primary on-call: Ada, @ada; lead: Grace");
});

test("nobody is called about a release that needs nobody, or where nobody is named", () => {
  assert.equal(neededText({ needs_person: "look", contacts }), "A person is needed: look · Whom to call: primary on-call: Ada, @ada; lead: Grace");
  assert.equal(neededText({ needs_person: "", contacts }), "");
  assert.equal(neededText({ needs_person: "look", contacts: { primary: "", secondary: "", lead: "" } }), "A person is needed: look");
});
