// SPDX-License-Identifier: Apache-2.0
//
// Ways out of the page. Names and addresses come from outside: only web addresses become links, and where they lead
// learns nothing of this page.
import { fill, h, show } from "./dom.js";

export function isWebAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

export class Links {
  constructor() {
    this.root = h("p", { class: "links" });
  }

  // links: [{name, url}]. What is there already stays, so that the focus does.
  update(links) {
    const good = links.filter(({ url }) => isWebAddress(url));
    show(this.root, good.length > 0);
    const told = JSON.stringify(good);
    if (this.told === told) return;
    this.told = told;
    fill(this.root, ...good.map(({ name, url }) =>
      h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, h("bdi", {}, name))));
  }
}
