// SPDX-License-Identifier: Apache-2.0
//
// Elements of drawings, with presentation attributes only: the page allows no style but its own.
export function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
