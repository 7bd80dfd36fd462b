/** The urn itself: run 1 at the generation shown, as a hundred objects. */

import { make, makeSvg, setAttribute, setText } from "../view/dom.mjs";
import { shortName } from "../view/numbers.mjs";

const HUNDRED = 100;

/**
 * How many of a hundred objects have each colour: whole numbers nearest to the shares.
 * @param {ArrayLike<number>} shares
 * @returns {number[]}
 */
export function hundredObjects(shares) {
  const exact = Array.from(shares, (share) => HUNDRED * share);
  const counts = exact.map(Math.floor);
  const rest = exact.map((value, i) => [value - counts[i], i]).sort((a, b) => b[0] - a[0]);
  const missing = HUNDRED - counts.reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < missing; i++) counts[rest[i % rest.length][1]] += 1;
  return counts;
}

/** The urn of run 1 at generation t, or null where there is none. */
export function urnAt({ run, problem }, s) {
  if (problem !== null || s.family !== "urn") return null;
  const at = (s.t - 1) * run.K;
  return hundredObjects(run.shares.subarray(at, at + run.K));
}

/** @returns {{node: HTMLElement, draw: function(?number[], Object, number): void}} */
export function createObjects() {
  const full = makeSvg("path", { class: "cl-object-full" });
  const open = makeSvg("path", { class: "cl-object-open" });
  const svg = makeSvg("svg", { "aria-hidden": "true" }, open, full);
  const [lead, fullText, openText] = [make("span"), make("span"), make("span")];
  const [fullSign, openSign] = [signOf("full"), signOf("open")];
  const words = make("p", { class: "cl-quiet-text" }, lead, fullSign, fullText, openSign, openText);
  const node = make("div", { class: "cl-objects" }, words, svg);
  let known = "";
  let drawnWidth = 0;
  let circles = [];

  /** counts: of a hundred objects, or null; width in pixels. */
  function draw(counts, s, width) {
    node.hidden = counts === null;
    if (counts === null) return;
    const followed = counts[s.colour];
    const others = s.names.length > 2 ? "others" : shortName(s.names[1 - s.colour]);
    const name = shortName(s.names[s.colour]);
    setText(lead, `Run 1, generation ${s.t}: `);
    setText(fullText, `${name} ${followed} % `);
    setText(openText, `${others} ${HUNDRED - followed} %`);
    if (`${followed} ${width}` === known) return;
    known = `${followed} ${width}`;
    if (width !== drawnWidth) {
      const across = width < 480 ? 25 : 50;
      const pitch = width / across;
      setAttribute(svg, "viewBox", `0 0 ${width} ${(HUNDRED / across) * pitch}`);
      circles = circlePaths(HUNDRED, across, pitch);
      drawnWidth = width;
    }
    full.setAttribute("d", circles.slice(0, followed).join(""));
    open.setAttribute("d", circles.slice(followed).join(""));
  }
  return { node, draw };
}

function signOf(kind) {
  const path = makeSvg("path", { class: `cl-object-${kind}`, d: circlePaths(1, 1, 14)[0] });
  const box = { viewBox: "0 0 14 14", class: "cl-dot-sign", "aria-hidden": "true" };
  return makeSvg("svg", box, path);
}

/** The path of each of `count` circles, so many across. */
function circlePaths(count, across, pitch) {
  const r = (0.32 * pitch).toFixed(2);
  const arcs = `a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  return Array.from({ length: count }, (_, i) => {
    const x = (i % across) * pitch + pitch / 2 - r;
    const y = Math.floor(i / across) * pitch + pitch / 2;
    return `M${x.toFixed(1)} ${y.toFixed(1)}${arcs}`;
  });
}
