/** Play, step and scrub through the generations. */

import { make, makeSvg, setAttribute, setText } from "./dom.mjs";

const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 2.5h3v11h-3zM9 2.5h3v11h-3z";
const BACK = "M3 2.5h2v11h-2zM13 2.5v11l-7-5.5z";
const FORTH = "M11 2.5h2v11h-2zM3 2.5v11l7-5.5z";
const SHORTEST = 3000; // milliseconds from the first generation to the last
const LONGEST = 9000;
const EACH = 60;

/**
 * @param {function(number, number=): void} onMove  takes the generation that is shown from now on,
 *   and while playing where exactly it has come
 * @param {function(): void} onRest  called when playing ends
 * @param {function(number, number, number): number} positionAt  where playing has come after so
 *   many milliseconds, from which generation, of how many
 */
export function createPlayer(onMove, onRest, positionAt = evenly) {
  const icon = makeSvg("path", { d: PLAY });
  const word = make("span", { text: "Play" });
  const toggle = make("button", { type: "button", class: "cl-primary" }, iconOf(icon), word);
  const back = stepButton("Step back", BACK);
  const forth = stepButton("Step forward", FORTH);
  const range = make("input", { type: "range", min: 1, step: 1, "data-cl-key": "t" });
  const scrub = make("label", { class: "cl-scrub" });
  scrub.append(make("span", { class: "cl-hidden", text: "Generation shown" }), range);
  const where = make("output", { class: "cl-where" });
  const node = make("div", { class: "cl-player", role: "group", "aria-label": "Generations" });
  node.append(toggle, back, forth, scrub, where);
  let [t, last, frame] = [1, 1, null];

  function play() {
    if (frame !== null) return;
    let begun = null;
    const from = t >= last ? 1 : t;
    const tick = (now) => {
      begun ??= now;
      const position = Math.min(last, positionAt(now - begun, from, last));
      frame = position < last ? requestAnimationFrame(tick) : null;
      onMove(Math.floor(position), position);
      if (frame === null) rest();
    };
    frame = requestAnimationFrame(tick);
    icon.setAttribute("d", PAUSE);
    setText(word, "Pause");
  }

  function rest() {
    if (frame !== null) cancelAnimationFrame(frame);
    frame = null;
    setAttribute(icon, "d", PLAY);
    setText(word, "Play");
    onRest();
  }

  function move(to) {
    if (frame !== null) rest();
    t = Math.min(last, Math.max(1, to)); // two steps may come within one frame
    onMove(t);
  }

  toggle.addEventListener("click", () => (frame === null ? play() : rest()));
  back.addEventListener("click", () => move(t - 1));
  forth.addEventListener("click", () => move(t + 1));
  range.addEventListener("input", () => move(range.valueAsNumber));

  return {
    node,
    play,
    rest,
    get playing() {
      return frame !== null;
    },
    /** @param {{t: number, n_generations: number, name: ?string}} settings  name: of step t */
    update(settings) {
      [t, last] = [settings.t, settings.n_generations];
      const name = settings.name ?? `${t} / ${last}`;
      if (Number(range.max) !== last) range.max = last;
      if (range.valueAsNumber !== t) range.value = t;
      const spoken = settings.name ?? `generation ${t} of ${last}`;
      setAttribute(range, "aria-valuetext", spoken);
      setDisabled(back, t <= 1);
      setDisabled(forth, t >= last);
      setText(where, name);
    },
  };
}

function evenly(elapsed, from, last) {
  return from + (elapsed / Math.min(LONGEST, Math.max(SHORTEST, EACH * last))) * last;
}

/** aria-disabled keeps the focus where it is, which `disabled` would drop. */
function setDisabled(button, disabled) {
  setAttribute(button, "aria-disabled", disabled);
}

function stepButton(label, d) {
  const path = makeSvg("path", { d });
  return make("button", { type: "button", class: "cl-step", "aria-label": label }, iconOf(path));
}

function iconOf(path) {
  const size = { viewBox: "0 0 16 16", class: "cl-icon", "aria-hidden": "true" };
  return makeSvg("svg", size, path);
}
