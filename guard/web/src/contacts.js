// SPDX-License-Identifier: Apache-2.0
//
// Whom to call where a person is needed, as the rule group names them.

// In the order in which they are called.
export const contactsText = ({ primary, secondary, lead }) =>
  [["primary on-call", primary], ["secondary on-call", secondary], ["lead", lead]]
    .filter(([, who]) => who !== "").map(([role, who]) => `${role}: ${who}`).join("; ");

// That a release needs a person, and whom to call; "" where it needs nobody.
export function neededText({ needs_person: why, contacts }) {
  const who = contactsText(contacts);
  return why && `A person is needed: ${why}${who && ` · Whom to call: ${who}`}`;
}
