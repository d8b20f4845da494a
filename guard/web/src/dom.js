// SPDX-License-Identifier: Apache-2.0
//
// The only way this page makes elements. Text is always a text node, so nothing from outside becomes markup; and what
// sets the direction of writing, behind which other text can hide, is not shown.

// As guard/base/printable.hpp: control characters but ends of lines and tabs, and directions, become blanks.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
export const printable = (text) => String(text).replace(hidden, " ");

// h("p", {class: "x", onclick: f}, "text", node, null): null children are left out.
export function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  const shown = children.filter((child) => child !== null && child !== undefined);
  node.append(...shown.map((child) => (child instanceof Node ? child : printable(child))));
  return node;
}

// Sets the text only if it differs: screen readers and selections are left in peace.
export function say(node, text) {
  const shown = printable(text);
  if (node.textContent !== shown) node.textContent = shown;
  return node;
}

export function show(node, visible) {
  node.hidden = !visible;
  return node;
}

// Puts these nodes in place of the children. What is there already is not touched, so that focus, selection and scroll
// position stay: a node that is taken out and put in again loses them.
export function fill(parent, ...nodes) {
  const wanted = nodes.filter((node) => node !== null && node !== undefined);
  const kept = new Set(wanted);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  wanted.forEach((node, i) => node !== parent.childNodes[i] && parent.insertBefore(node, parent.childNodes[i] ?? null));
  return parent;
}

// Shows a part that is loaded apart in `parent`, once it has been read; the view stands without it.
export async function showLater(parent, load, subject) {
  try {
    parent.shown ??= new (await load()).Part();
    await parent.shown.load(subject);
    parent.append(parent.shown.root);
  } catch (error) {
    console.warn(error);
  }
}

// Keeps one part ({root, update}) per item, by key, in the order of the items. Parts that stay keep their elements.
export class Keyed {
  constructor(parent, keyOf, make) {
    Object.assign(this, { parent, keyOf, make, parts: new Map() });
  }

  update(items) {
    const kept = new Map();
    for (const item of items) {
      const key = this.keyOf(item);
      const part = this.parts.get(key) ?? this.make(item);
      part.update(item);
      kept.set(key, part);
    }
    for (const [key, part] of this.parts) if (!kept.has(key)) part.end?.();
    this.parts = kept;
    fill(this.parent, ...[...kept.values()].map((part) => part.root));
  }

  end() {
    for (const part of this.parts.values()) part.end?.();
  }
}
