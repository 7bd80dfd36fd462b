/** The page around a figure: motion, sight, speech. */

import { make, setText } from "./dom.mjs";

const SETTLED = 700; // milliseconds without a change before a result is read out

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Bring a figure into sight unless its drawing is there: a link may stand far below it. */
export function scrollThere(node) {
  const drawings = [...node.querySelectorAll('[role="img"]')];
  const drawn = drawings.find((each) => each.getClientRects().length) ?? node;
  const { top, bottom } = drawn.getBoundingClientRect();
  if (bottom < 80 || top > innerHeight - 120) {
    node.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
  }
}

/** Call once when most of a node is first in sight; returns how to stop waiting. */
export function watchArrival(node, arrived) {
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      arrived();
    },
    { threshold: 0.4 },
  );
  watcher.observe(node);
  return () => watcher.disconnect();
}

/**
 * A line for screen readers, which speaks once what it is told has settled, and not before the
 * reader has come to the figure. What was said goes once it is no longer so.
 * @param {function(): HTMLElement} rootOf  gives the figure
 * @returns {{node: HTMLElement, say: function(string): void, hush: function(): void,
 *   rest: function(): void}}
 */
export function createVoice(rootOf) {
  const node = make("p", { class: "cl-hidden", role: "status" });
  let waiting = null;
  let hasSpoken = false;

  function hush() {
    clearTimeout(waiting);
    setText(node, "");
  }

  return {
    node,
    hush,
    say(words) {
      if (node.textContent === words) return clearTimeout(waiting);
      hush(); // what was said is no longer so
      if (!hasSpoken && !rootOf().contains(document.activeElement)) return;
      hasSpoken = true;
      waiting = setTimeout(() => setText(node, words), SETTLED);
    },
    rest: () => clearTimeout(waiting),
  };
}
