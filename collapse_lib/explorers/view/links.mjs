/**
 * Links to figures: `#fig=NAME&v=2&key=value&...`; several figures follow one another, each begun
 * by its `fig`. What a key means is the figure's own affair.
 */

import { make, setText } from "./dom.mjs";
import { scrollThere } from "./page.mjs";

const VERSION = 2;

/** What keys were called in links of version 1, and in those that tell no version. */
const RENAMED = new Map([
  ["n", "n_samples"],
  ["share", "real_fraction"],
  ["newRows", "n_fresh"],
  ["bias", "sampling_bias"],
  ["generations", "n_generations"],
  ["replicates", "n_replicates"],
  ["hits", "hit_rate"],
  ["alarms", "false_alarm_rate"],
]);

/**
 * Read a hash.
 * @param {string} hash  with or without "#"
 * @returns {Map<string, Object<string, string>>}  name of a figure -> what its link says; empty for
 *   other anchors. A link of a version that is not known says nothing.
 */
export function linkTexts(hash) {
  const found = new Map();
  let texts = null;
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key, text] = decodedPair(part);
    if (key === "fig") found.set(text, (texts = Object.create(null)));
    else if (texts === null) return new Map();
    else texts[key] = text;
  }
  for (const [name, said] of found) found.set(name, inNewNames(said));
  return found;
}

function inNewNames({ v = "1", ...texts }) {
  if (v === String(VERSION)) return texts;
  if (v !== "1") return {};
  return Object.fromEntries(Object.entries(texts).map(([k, text]) => [RENAMED.get(k) ?? k, text]));
}

/** A figure's part of a hash, with these keys of its state. */
export function linkPart(name, state, keys) {
  const text = (value) => encodeURIComponent(value).replaceAll("%2C", ",");
  const pairs = keys.map((key) => `${key}=${text(state[key])}`);
  return [`fig=${encodeURIComponent(name)}`, `v=${VERSION}`, ...pairs].join("&");
}

/** The hash with one figure's part replaced, and the parts of the other figures kept. */
export function joinedHash(hash, name, part) {
  const old = linkTexts(hash).size ? hash.replace(/^#/, "").split(/&(?=fig=)/) : [];
  const others = old.filter((link) => !linkTexts(link).has(name));
  return `#${[...others, part].join("&")}`;
}

/**
 * Follow the links to a figure from now on; the first figure of a hash comes into sight.
 * @param {string} name
 * @param {HTMLElement} root
 * @param {function(Object<string, string>): void} follow  takes what the link says
 * @returns {function(): void} which stops it
 */
export function followLinks(name, root, follow) {
  function onHash() {
    const links = linkTexts(location.hash);
    if (!links.has(name)) return;
    follow(links.get(name));
    if (links.keys().next().value === name) scrollThere(root);
  }

  /** The link that is already in the address bar works again, though no hash changes. */
  function onClick(event) {
    const link = event.target.closest?.("a[href]");
    if (link && link.href === location.href) onHash();
  }

  addEventListener("hashchange", onHash);
  document.addEventListener("click", onClick);
  return () => {
    removeEventListener("hashchange", onHash);
    document.removeEventListener("click", onClick);
  };
}

/**
 * A button that copies the link to a figure, and what it says; a field takes the link where the
 * clipboard is closed.
 * @param {string} name
 * @param {function(): string} partOf  gives the figure's part of the hash
 * @param {function(): void} rest  called before it is asked for a copy
 * @returns {{copy: HTMLElement, copied: HTMLElement, link: HTMLElement, update: function(): void}}
 *   update: a link to other settings than those shown goes, and so do its words
 */
export function createCopier(name, partOf, rest = () => {}) {
  const copy = make("button", { type: "button", text: "Copy link" });
  const copied = make("span", { class: "cl-copied", role: "status" });
  const link = make("input", { type: "url", readonly: true, "aria-label": "Link", hidden: true });
  let part = null; // of the link that was copied

  function update() {
    if (part === null || part === partOf()) return;
    part = null;
    link.value = "";
    link.hidden = true;
    setText(copied, "");
  }

  copy.addEventListener("click", async () => {
    rest();
    part = partOf();
    link.value = location.href.split("#")[0] + joinedHash(location.hash, name, part);
    try {
      await navigator.clipboard.writeText(link.value);
      setText(copied, "Link copied.");
      link.hidden = true;
    } catch {
      setText(copied, "Copy the link from here:");
      link.hidden = false;
      link.select();
    }
  });
  return { copy, copied, link, update };
}

function decodedPair(part) {
  const at = part.indexOf("=");
  if (at < 0) return [part, ""];
  try {
    return [part.slice(0, at), decodeURIComponent(part.slice(at + 1))];
  } catch {
    return [part.slice(0, at), ""];
  }
}
