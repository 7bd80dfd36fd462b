/** The live figure: settings in, arrays and words out. What anywidget and the host call. */

import { createControls } from "./controls.mjs";
import { setText } from "./dom.mjs";
import { createDrawing } from "./drawing.mjs";
import { layOut } from "./layout.mjs";
import { createObjects } from "./objects.mjs";
import { createPlayer } from "./player.mjs";
import { createPredict, verdictText } from "./predict.mjs";
import { rememberingResults } from "./results.mjs";
import { completeSettings, joinedHash, linkOf, readLinks } from "./settings.mjs";
import { columnsOf, plainData, shownOf } from "./shown.mjs";
import { createTable } from "./table.mjs";
import { createFacts, createLegend, factsOf, legendOf } from "./words.mjs";

const SETTLED = 700; // milliseconds without a change before a result is read out

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `state`
 *   (settings), `meta` ({name, title, tryThis, caption, predict}) and `frames`
 *   ([generation, value][] that Python has run, in the engine's unit)
 * @returns {function(): void} which takes down what would outlive el
 */
function renderExplorer({ model, el }) {
  const meta = { name: "figure", title: "", ...model.get("meta") };
  const initial = completeSettings(model.get("state") ?? {});
  const resultsOf = rememberingResults();
  const drawing = createDrawing();
  const legend = createLegend();
  const facts = createFacts();
  const objects = createObjects();
  const table = createTable(meta.title);
  const controls = createControls((change) => apply(change));
  const player = createPlayer((t) => apply({ t }), () => schedule());
  const predict = meta.predict && createPredict(meta.predict, (guess) => apply({ guess }), reveal);
  const parts = layOut({
    meta, drawing, legend, objects, facts, table, controls, player, predict,
  });
  const linked = readLinks(location.hash).get(meta.name);

  let settings = linked ? completeSettings(linked, initial) : initial;
  const startsAlone = settings.autoplay && !linked && !isHidden() && !reducedMotion();
  if (startsAlone) settings = { ...settings, t: 1 };
  let frames = [];
  let framesShow = "";
  let pending = null;
  let written = JSON.stringify(model.get("state"));
  let spoken = null;
  let shown = null;

  function isHidden() {
    return Boolean(predict) && !settings.revealed;
  }

  function apply(change) {
    settings = completeSettings(change, settings);
    schedule();
  }

  function schedule() {
    pending ??= requestAnimationFrame(refresh);
  }

  function refresh() {
    if (pending !== null) cancelAnimationFrame(pending);
    pending = null;
    const results = resultsOf(settings);
    const overlay = framesShow === framesKey() ? frames : [];
    shown = shownOf(results, settings, predict && meta.predict, overlay);
    parts.root.classList.toggle("cl-unrevealed", isHidden());
    parts.problem.hidden = results.problem === null;
    setText(parts.problem, results.problem ?? "");
    for (const node of parts.ofResults) node.hidden = results.problem !== null;
    if (results.problem === null) {
      drawing.draw(shown);
      legend.update(isHidden() ? [] : legendOf(results, shown, settings));
      if (!isHidden()) facts.update(factsOf(results, settings));
    }
    objects.draw(shown.objects, settings, drawing.width());
    controls.update(settings);
    player.update(settings);
    predict?.update(settings.guess, settings.revealed, shown.answer && verdict(results));
    if (!player.playing) {
      table.show(() => columnsOf(shown));
      announce(results.problem ?? shown.label);
      write();
    }
  }

  function framesKey() {
    return `${settings.measure} ${settings.colour}`;
  }

  function verdict(results) {
    const { t, value } = shown.answer;
    const guess = settings.guess ?? value;
    return verdictText({ ...meta.predict, t }, guess, value, results.measure);
  }

  function reveal(guess) {
    apply({ guess, revealed: true, t: reducedMotion() ? settings.generations : 1 });
    refresh();
    if (!reducedMotion()) player.play();
  }

  function announce(words) {
    clearTimeout(spoken);
    if (parts.status.textContent === "" && !parts.root.contains(document.activeElement)) return;
    spoken = setTimeout(() => setText(parts.status, words), SETTLED);
  }

  function write() {
    const text = JSON.stringify(settings);
    if (text === written) return;
    written = text;
    model.set("state", { ...settings });
    model.save_changes();
  }

  function onState() {
    const text = JSON.stringify(model.get("state"));
    if (text === written) return;
    written = text;
    player.rest();
    settings = completeSettings(model.get("state"));
    schedule();
  }

  function onFrames() {
    const given = model.get("frames");
    frames = Array.isArray(given) ? given : [];
    if (frames.length <= 1) framesShow = framesKey();
    schedule();
  }

  function onHash() {
    const link = readLinks(location.hash).get(meta.name);
    if (!link) return;
    player.rest();
    const { revealed, guess } = settings;
    settings = completeSettings({ revealed, guess, ...link }, initial);
    refresh();
    if (readLinks(location.hash).keys().next().value === meta.name) scrollThere(parts.root);
  }

  /** The link that is already in the address bar works again, though no hash changes. */
  function onClick(event) {
    const link = event.target.closest?.("a[href]");
    if (link && link.href === location.href) onHash();
  }

  async function copyLink() {
    player.rest();
    const hash = joinedHash(location.hash, meta.name, linkOf(meta.name, settings, initial));
    parts.link.value = location.href.split("#")[0] + hash;
    try {
      await navigator.clipboard.writeText(parts.link.value);
      setText(parts.copied, "Link copied.");
      parts.link.hidden = true;
    } catch {
      setText(parts.copied, "Copy the link from here:");
      parts.link.hidden = false;
      parts.link.select();
    }
  }

  parts.newSeed.addEventListener("click", () => apply({ seed: (settings.seed + 1) % 2 ** 32 }));
  parts.reset.addEventListener("click", () => {
    const { revealed, guess } = settings;
    player.rest();
    settings = { ...initial, revealed, guess };
    schedule();
  });
  parts.copy.addEventListener("click", copyLink);

  el.append(parts.root);
  drawing.resize(parts.plot.clientWidth);
  const observer = new ResizeObserver(() => {
    if (drawing.resize(parts.plot.clientWidth)) schedule();
  });
  observer.observe(parts.plot);
  model.on("change:state", onState);
  model.on("change:frames", onFrames);
  addEventListener("hashchange", onHash);
  document.addEventListener("click", onClick);
  onFrames();
  refresh();
  if (linked) scrollThere(parts.root);
  const unwatch = startsAlone ? watchArrival(parts.plot, player.play) : () => {};

  el.clExplorer = {
    state: () => ({ ...settings }),
    data() {
      if (pending !== null) refresh();
      return plainData(shown);
    },
  };

  return () => {
    player.rest();
    unwatch();
    observer.disconnect();
    clearTimeout(spoken);
    if (pending !== null) cancelAnimationFrame(pending);
    model.off("change:state", onState);
    model.off("change:frames", onFrames);
    removeEventListener("hashchange", onHash);
    document.removeEventListener("click", onClick);
  };
}

function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function scrollThere(node) {
  const { top, bottom } = node.getBoundingClientRect();
  if (bottom < 80 || top > innerHeight - 120) {
    node.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
  }
}

/** Call once when most of a node is first in sight; returns how to stop waiting. */
function watchArrival(node, arrived) {
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

export default { render: renderExplorer };
