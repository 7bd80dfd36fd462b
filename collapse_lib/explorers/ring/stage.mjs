/** The ring as an SVG: stations that stand, and objects that travel between them. */

import { makeSvg, setAttribute, setText } from "../view/dom.mjs";
import { countsOf } from "./family.mjs";
import { arrowOf, placesOf, staggered } from "./places.mjs";
import { largestShare, leftWords } from "./words.mjs";

const LEGS = [["mix", 0, 0.32], ["fit", 0.32, 0.54], ["sample", 0.54, 0.78], ["measure", 0.78, 1]];
const PALE = 0.22;

/** Which station the objects are on their way to, and how much of that way is done. */
export function legAt(part) {
  const [station, from, to] = LEGS.find((leg) => part < leg[2]) ?? LEGS.at(-1);
  return { station, s: Math.min(1, (part - from) / (to - from)) };
}

/** The colour of a kind: from yellow, the most frequent, to blue. The same is in still.py. */
function fillOf(kind, K) {
  const part = Math.round(100 * (kind / (K - 1)) ** 0.75);
  return `color-mix(in oklch increasing hue, var(--cl-yellow), var(--cl-blue) ${part}%)`;
}

/**
 * @param {Object} form  one of layout.json
 * @param {number} n  objects
 * @param {number} K  kinds
 * @returns {{node: SVGElement, rest: function, move: function}} rest(family, t) shows a generation
 *   as it stands; move(family, t, part) the turn from generation t - 1 to t under way.
 */
export function createStage(form, n, K) {
  const places = placesOf(form, n, K);
  const { size, pitch, ways, centre, spark, letters } = form;
  const fills = Array.from({ length: K }, (_, k) => fillOf(k, K));
  const node = makeSvg("svg", { role: "img", class: "cl-ring", viewBox: `0 0 ${size.join(" ")}` });
  for (const way of Object.values(ways)) {
    node.append(makeSvg("path", { class: "cl-way", d: curve(way) }));
    node.append(makeSvg("path", { class: "cl-arrow", d: arrowOf(way) }));
  }

  const cloud = (length, r) => {
    const dots = Array.from({ length }, () => makeSvg("circle", { r: (r * pitch).toFixed(2) }));
    node.append(makeSvg("g", {}, ...dots));
    return dots;
  };
  const clouds = { source: cloud(n, 0.38), mix: cloud(n, 0.38), sample: cloud(n, 0.38) };
  for (const [station, dots] of Object.entries(clouds)) {
    dots.forEach((dot, i) => put(dot, places.slot(station, i)));
  }
  const bars = Array.from({ length: K }, (_, k) => makeSvg("rect", { fill: fills[k] }));
  node.append(makeSvg("g", {}, ...bars));
  const signs = cloud(K, 0.42);
  signs.forEach((dot, k) => put(dot, places.sign(k)));
  const moving = cloud(2 * n, 0.38);
  const ground = `M${spark[0]} ${spark[1] + spark[3]}h${spark[2]}`;
  node.append(makeSvg("path", { class: "cl-ground", d: ground }));
  const line = makeSvg("path", { class: "cl-spark" });
  const end = makeSvg("circle", { class: "cl-spark-end", r: 3.5 });
  const [x, y] = centre;
  const head = makeSvg("text", { x, y, class: "cl-turn", "font-size": letters[0] });
  const said = makeSvg("text", { x, y: y + 1.5 * letters[1], "font-size": letters[1] });
  const [shareX, shareY] = places.share();
  const share = makeSvg("text", { x: shareX, y: shareY, class: "cl-share", "font-size": 12 });
  node.append(line, end, head, said, share);
  const shown = {};

  /** Give a cloud its objects, if they are others than those it has. */
  function fill(station, kinds, look = () => ({})) {
    const key = kinds === null ? "" : kinds.map((kind, i) => `${kind}${look(i).key ?? ""}`).join();
    if (shown[station] === key) return;
    shown[station] = key;
    clouds[station].forEach((dot, i) => {
      dot.toggleAttribute("hidden", kinds === null);
      if (kinds === null) return;
      setAttribute(dot, "fill", fills[kinds[i]]);
      dot.setAttribute("class", look(i).key ?? "");
    });
  }

  /** A training set: real objects have an edge; those that were not copied are hollow. */
  function fillMix(family, t, isOver) {
    if (t === 0) return fill("mix", null);
    const taken = family.taken(t);
    const copied = new Set(family.parents(t));
    const real = (i) => (taken[i] >= n ? "cl-real-dot" : "");
    const lost = (i) => (isOver && !copied.has(i) ? " cl-lost" : "");
    return fill("mix", family.train(t), (i) => ({ key: real(i) + lost(i) }));
  }

  function fillFit(family, t) {
    const { x: from, y: top, width, height } = places.bar();
    let at = from;
    const counts = t === 0 ? Array(K).fill(0) : countsOf(family.train(t), K);
    bars.forEach((bar, k) => {
      const wide = (counts[k] / n) * width;
      for (const [key, value] of [["x", at], ["y", top], ["width", wide], ["height", height]]) {
        setAttribute(bar, key, value.toFixed(1));
      }
      at += wide;
    });
  }

  function fillSigns(family, t) {
    const counts = t === 0 ? Array(K).fill(0) : family.counts(t);
    setText(share, t === 0 ? "" : `largest: ${largestShare(family, t)}`);
    signs.forEach((dot, k) => {
      dot.toggleAttribute("hidden", t === 0);
      setAttribute(dot, "fill", fills[k]);
      setAttribute(dot, "class", counts[k] ? "" : "cl-lost");
    });
  }

  function fillCentre(family, t, counted) {
    setText(head, t === 0 ? "Real data" : `Generation ${t}`);
    setText(said, counted === 0 ? `${n} objects, ${K} colours` : leftWords(family, counted));
    const [left, top, width, height] = spark;
    const px = (i) => (left + (i / family.T) * width).toFixed(1);
    const py = (i) => (top + height * (1 - family.left(i) / K)).toFixed(1);
    let d = `M${px(0)} ${py(0)}`;
    for (let i = 1; i <= counted; i++) d += `H${px(i)}V${py(i)}`;
    setAttribute(line, "d", d);
    setAttribute(end, "transform", `translate(${px(counted)} ${py(counted)})`);
  }

  function paint({ mix = 1, fit = 1, sample = 1 }) {
    const shade = (dots, value) => setAttribute(dots[0].parentNode, "opacity", value.toFixed(2));
    shade(clouds.mix, mix);
    shade(bars, fit);
    shade(clouds.sample, sample);
  }

  function hideFrom(first) {
    for (let i = first; i < moving.length; i++) {
      if (moving[i].hasAttribute("hidden")) return;
      moving[i].setAttribute("hidden", "");
    }
  }

  function show(i, kind, place, opacity = 1, isReal = false) {
    const dot = moving[i];
    dot.removeAttribute("hidden");
    setAttribute(dot, "fill", fills[kind]);
    setAttribute(dot, "class", isReal ? "cl-real-dot" : "");
    setAttribute(dot, "opacity", opacity.toFixed(2));
    put(dot, place);
  }

  /** Those that are left behind sink and fade. */
  function sink(i, kind, [px, py], s) {
    const done = Math.min(1, 2 * s);
    show(i, kind, [px, py + 2.5 * pitch * done], 1 - done);
  }

  function rest(family, t) {
    hideFrom(0);
    fill("source", family.real);
    fillMix(family, t, true);
    fillFit(family, t);
    fill("sample", t === 0 ? null : family.kinds(t));
    fillSigns(family, t);
    fillCentre(family, t, t);
    paint({});
  }

  function move(family, t, part) {
    const { station, s } = legAt(part);
    const step = LEGS.findIndex((leg) => leg[0] === station);
    const isCounted = step === 3 && s > 0.75;
    fill("source", family.real);
    fillMix(family, step === 0 ? t - 1 : t, step !== 1);
    fillFit(family, step < 2 ? t - 1 : t);
    fill("sample", step < 3 ? (t === 1 ? null : family.kinds(t - 1)) : family.kinds(t));
    fillSigns(family, isCounted ? t : t - 1);
    fillCentre(family, t, isCounted ? t : t - 1);
    const going = PALE * Math.max(0, 1 - 3 * s);
    paint({
      mix: step === 0 ? going : PALE,
      fit: step === 1 ? going : step === 0 ? PALE : 1,
      sample: step === 2 ? going : PALE,
    });
    hideFrom(MOVES[station](family, t, s));
  }

  const MOVES = {
    mix(family, t, s) {
      const taken = family.taken(t);
      const before = family.kinds(t - 1);
      taken.forEach((from, i) => {
        const isReal = from >= n;
        const kind = family.train(t)[i];
        const start = isReal ? places.slot("source", from - n) : places.sign(kind);
        const way = isReal ? "source" : "back";
        const place = places.travel(way, start, places.slot("mix", i), staggered(s, i, n));
        show(i, kind, place, 1, isReal);
      });
      if (t === 1) return n;
      const kept = new Set(taken);
      const left = before.map((_, i) => i).filter((i) => !kept.has(i));
      left.forEach((i, j) => sink(n + j, before[i], places.sign(before[i]), s));
      return n + left.length;
    },
    fit(family, t, s) {
      family.train(t).forEach((kind, i) => {
        const [from, to] = [places.slot("mix", i), places.onBar(i)];
        show(i, kind, places.travel("mix", from, to, staggered(s, i, n)));
      });
      return n;
    },
    sample(family, t, s) {
      const parents = family.parents(t);
      parents.forEach((parent, i) => {
        const [from, to] = [places.onBar(parent), places.slot("sample", i)];
        show(i, family.train(t)[parent], places.travel("fit", from, to, staggered(s, i, n)));
      });
      const copied = new Set(parents);
      const lost = family.train(t).map((_, i) => i).filter((i) => !copied.has(i));
      lost.forEach((i, j) => sink(n + j, family.train(t)[i], places.onBar(i), s));
      return n + lost.length;
    },
    measure(family, t, s) {
      family.kinds(t).forEach((kind, i) => {
        const [from, to] = [places.slot("sample", i), places.sign(kind)];
        show(i, kind, places.travel("sample", from, to, staggered(s, i, n)));
      });
      return n;
    },
  };

  return { node, rest, move };
}

function put(dot, [x, y]) {
  dot.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

function curve([x, y, ...rest]) {
  return `M${x} ${y}C${rest.join(" ")}`;
}
