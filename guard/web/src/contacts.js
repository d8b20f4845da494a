// SPDX-License-Identifier: Apache-2.0
//
// Whom to call where a person is needed, as the rule group names them.

// In the order in which they are called.
export const contactsText = ({ primary, secondary, lead }) =>
  [["primary on-call", primary], ["secondary on-call", secondary], ["lead", lead]]
    .filter(([, who]) => who !== "").map(([role, who]) => `${role}: ${who}`).join("; ");

// About a release, where it needs somebody.
export function callsOf(release) {
  const who = release.needs_person === "" ? "" : contactsText(release.contacts);
  return who && `Whom to call: ${who}`;
}
