// SPDX-License-Identifier: Apache-2.0
//
// What the list shows of all releases, and its address, which says so: it can be sent to somebody, and the ways back
// to the list lead to the one that was last looked at.
let last = "#/";

// filters: {service, environment, outcome}, "" where nothing is asked for.
export function addressOf(filters) {
  const asked = Object.entries(filters).filter(([, value]) => value !== "");
  return asked.length > 0 ? `#/?${new URLSearchParams(asked)}` : "#/";
}

export function filtersOf(query) {
  const parameters = new URLSearchParams(query);
  const read = (name) => parameters.get(name) ?? "";
  return { service: read("service"), environment: read("environment"), outcome: read("outcome") };
}

// Whether a release is to be shown.
export function matches({ service, environment, outcome }, release) {
  return `${release.service} ${release.environment}`.toLowerCase().includes(service.trim().toLowerCase()) &&
    (environment === "" || release.environment === environment) &&
    (outcome === "" || (outcome === "open" ? !release.final : release.phase === outcome));
}

export const keepListAddress = (address) => (last = address);
export const listAddress = () => last;
