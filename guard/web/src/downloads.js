// SPDX-License-Identifier: Apache-2.0
//
// The report as a file, fetched when it is asked for: each one costs the guard questions to Prometheus.
import { downloadReport } from "./api.js";
import { h, say, show } from "./dom.js";

const formats = { html: "HTML", md: "Markdown", json: "JSON" };

// An id may hold what no file name may.
const fileName = (id, format) => `release-${id.replace(/[^\w.-]+/g, "_")}-report.${format}`;

// The address of a blob lives as long as the page, or until it is given back.
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

export class Downloads {
  constructor(id) {
    this.id = id;
    this.problem = show(h("p", { class: "problem", role: "alert" }), false);
    const buttons = Object.entries(formats).map(([format, name]) =>
      h("button", { type: "button", onclick: () => this.fetch(format) }, name));
    this.root = h("div", { class: "verbs" },
      h("div", { class: "buttons", role: "group", "aria-label": "Download the report" },
        h("span", { class: "quiet" }, "Download as"), ...buttons), this.problem);
  }

  async fetch(format) {
    show(this.problem, false);
    try {
      save(await downloadReport(this.id, format), fileName(this.id, format));
    } catch (error) {
      say(show(this.problem, true), `The report could not be read: ${error.message}.`);
    }
  }
}
