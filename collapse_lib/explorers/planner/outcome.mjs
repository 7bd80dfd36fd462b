/** From a plan to what is on show: arrays, a sentence, numbers to remember. */

import { beginRun, extendRun } from "../engine/chains.mjs";
import { runsAtATime } from "../engine/pace.mjs";
import { numberText, percentText, valueText } from "../view/numbers.mjs";
import { remember } from "../view/remember.mjs";
import { bandedRuns, chainOf, lawOf, problemOf, remainderOf } from "./forecast.mjs";

const PER_CENT = { factor: 100, unit: "\u00a0%", lower: 0, upper: null, wide: false };
const KEPT_MEASURES = {
  diversity: { ...PER_CENT, label: "diversity kept", axis: "diversity kept (% of the real one)" },
  kinds: { ...PER_CENT, upper: 100, label: "kinds alive", axis: "kinds still alive (%)" },
};
const ABOVE = 107; // per cent: up to here curves may stand above an axis that ends at 100
const WORDS_OF_ANSWER = { // one model, many, what, and no less of it
  diversity: ["keeps", "keep", "of the diversity", "as much"],
  kinds: ["still has", "have", "of the kinds", "as many"],
};

/**
 * @typedef {Object} Outcome
 * problem: null or a sentence, and then nothing else but s and measure. remainder: of remainderOf.
 * x, median, lower, upper, mean: Float64Array (T,), per cent, of the loop with the remedy. bare:
 * the same without one. law: null or {values: (T,), source}. replicates: how many runs there are by
 * now; unfinished: whether there are others to come.
 */

/**
 * @returns {function(Object, number[], boolean): Outcome} which remembers the last runs and laws.
 *   Each call draws as many runs more as a frame has time for, or all of them where it is told to.
 */
export function rememberingOutcomes() {
  const [remedies, bares, laws] = [rememberingRuns(), rememberingRuns(), remember()];
  return (s, counts, whole) => {
    const measure = KEPT_MEASURES[s.measure];
    const problem = problemOf(s, counts);
    if (problem !== null) return { s, measure, problem, unfinished: false };
    const remainder = remainderOf(s);
    const chain = chainOf(s, counts, remainder);
    const both = [remedies(chain), bares(chainOf(s, counts, null))];
    const growing = both.filter((each) => each.isGrowing());
    for (const each of growing) each.grow(whole ? Infinity : 1 / growing.length);
    const { seed, n_replicates, ...lasting } = chain;
    return {
      s,
      measure,
      problem: null,
      unfinished: both.some((each) => each.isGrowing()),
      n_replicates: both[0].run.n_replicates,
      remainder,
      x: Float64Array.from({ length: s.n_generations }, (_, i) => i + 1),
      ...both[0].banded(s.measure),
      bare: both[1].banded(s.measure),
      law: laws(JSON.stringify([lasting, s.measure]), () => lawOf(chain, s.measure)),
    };
  };
}

/** The runs of a chain, kept while it stays the same. */
function rememberingRuns() {
  const [runs, bands] = [remember(), remember()];
  return (chain) => {
    const key = JSON.stringify(chain);
    const run = runs(key, () => beginRun(chain));
    return {
      run,
      isGrowing: () => run.n_replicates < chain.n_replicates,
      /** Draw more; time: in frames. */
      grow(time) {
        const more = Math.ceil(time * runsAtATime(chain));
        extendRun(run, chain, Math.min(chain.n_replicates, run.n_replicates + more));
      },
      banded(measure) {
        const drawn = `${key} ${measure} ${run.n_replicates}`;
        return bands(drawn, () => bandedRuns(run, chain.counts, measure));
      },
    };
  };
}

/** The answer as a sentence. */
export function answerOf({ s, measure, median, lower, upper, bare }) {
  const text = (values) => valueText(values.at(-1), measure).replace("<", "less than");
  const [verb, all, what, same] = WORDS_OF_ANSWER[s.measure];
  const least = text(lower).replace(measure.unit, "");
  const range = text(lower) === text(upper) ? same : `between ${least} and ${text(upper)}`;
  const rest = `four runs in five ${all} ${range}`;
  return (
    `After ${s.n_generations} generations the median model ${verb} ${text(median)} ` +
    `${what}; ${rest}. With no remedy it ${verb} ${text(bare.median)}.`
  );
}

/** What the answer does not tell: sentences, none where all is well. */
export function cautionsOf({ s, remainder }) {
  const { real_share, real_rows: k, collected } = remainder;
  const rows = countText(s.n_samples);
  if (s.policy === "accumulate") return [];
  const found = [];
  if (s.real_fraction > 0 && real_share === 0) {
    found.push("The detector throws out every real row, so no real row is trained on.");
  } else if (real_share > 0 && k === 0) {
    found.push(
      `Of what is left ${shareText(real_share)} is real, which of ${rows} rows is no ` +
      "more than half a row: rounded, no real row is trained on.",
    );
  }
  const wanted = s.real_fraction * collected;
  if (s.policy === "mix" && wanted > s.n_samples * (1 + 1e-9)) {
    found.push(
      `It takes ${countText(wanted)} real rows to be collected, and there are ${rows} original ` +
      "ones: some would be collected twice, which the forecast leaves out.",
    );
  }
  return found;
}

/** The numbers to remember: [name, value, note]. */
export function planFacts({ s, measure, remainder, mean, bare, law }) {
  const text = (values) => valueText(values.at(-1), measure);
  const range = `80 % of runs: ${percentText(bare.lower.at(-1))} to ${text(bare.upper)}`;
  const known = law ? `closed form: ${text(law.values)}` : "no closed form drawn";
  const facts = [[`mean ${measure.label}`, text(mean), known]];
  facts.push(["median with no remedy", text(bare.median), range]);
  if (s.policy === "accumulate") {
    const steps = s.n_generations - 1;
    const real = s.n_samples + steps * s.n_fresh;
    const all = real + steps * s.n_samples;
    const last = "in the last generation";
    facts.push(["of all that is kept", `${shareText(real / all)} is real`, last]);
    facts.push(["rows trained on", countText(all), last]);
    return facts;
  }
  const { real_share, real_rows: k, collected, left } = remainder;
  const trained = `${countText(k)} of ${countText(s.n_samples)} rows trained on`;
  facts.push(["of what is left", `${shareText(real_share)} is real`, trained]);
  const thrown = left < 1 ? `the detector throws out ${shareText(1 - left)}` : "nothing thrown out";
  facts.push(["rows to collect", countText(collected), thrown]);
  if (s.adoption !== undefined && s.real_fraction < 1) {
    const marked = `${shareText(s.adoption)} marked, ${shareText(s.hit_rate)} of these caught`;
    const caught = shareText(s.adoption * s.hit_rate);
    facts.push(["of all synthetic rows", `${caught} is caught`, marked]);
  }
  return facts;
}

/** The legend: [sign, text] for what is drawn. */
export function planLegend({ s, law, n_replicates }) {
  const keys = [["band", `with the remedy: median and central 80 % of ${n_replicates} runs`]];
  keys.push(["mean", "with the remedy: mean"]);
  if (law) keys.push(["law", `mean, closed form · ${law.source}`]);
  else if (s.temperature === 1) keys.push([null, "the closed form takes too long here"]);
  else keys.push([null, "no closed form is known at this temperature"]);
  keys.push(["frames", "no remedy: median"]);
  return keys;
}

/** What createDrawing draws. */
export function drawnOutcome({ s, measure, x, median, lower, upper, mean, bare, law }, label) {
  const frames = Array.from(bare.median, (value, i) => [i + 1, value]);
  const scaled = [median, upper, mean, bare.median, ...(law ? [law.values] : [])];
  const highest = Math.max(...scaled.map((values) => Math.max(...values)));
  const axis = highest > 100 && highest < ABOVE ? { ...measure, upper: 100 } : measure;
  return {
    x, median, lower, upper, mean, law: law && law.values, runs: [], frames, t: s.n_generations,
    T: s.n_generations, measure: axis, scaled, guess: null, answer: null, objects: null, label,
  };
}

/** The columns of the data table: the arrays of the drawing. */
export function planColumns({ x, median, lower, upper, mean, bare, law, problem }) {
  if (problem !== null) return new Map();
  const columns = new Map([["generation", x], ["median (%)", median]]);
  columns.set("lower, 10 % (%)", lower).set("upper, 90 % (%)", upper).set("mean (%)", mean);
  if (law) columns.set("mean, closed form (%)", law.values);
  return columns.set("no remedy, median (%)", bare.median);
}

/** What is drawn as plain JSON, for tests and for the curious. */
export function plainOutcome({ s, problem, remainder, x, median, lower, upper, mean, ...others }) {
  if (problem !== null) return { problem, median: null };
  const { bare, law } = others;
  const arrays = { x, median, lower, upper, mean, bare: bare.median, law: law && law.values };
  for (const [key, values] of Object.entries(arrays)) arrays[key] = values && Array.from(values);
  return { problem, ...arrays, ...remainder, measure: s.measure };
}

function countText(value) {
  const whole = Math.round(value);
  return whole < 1e6 ? whole.toLocaleString("en-GB") : numberText(whole, 3);
}

/** A share in per cent; a very small one, which may still be many rows, as what it is. */
function shareText(share) {
  const text = share > 0 && share < 5e-4 ? numberText(100 * share, 2) : percentText(100 * share);
  return `${text} %`;
}
