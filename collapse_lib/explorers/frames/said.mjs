/** What is on show, in words, as columns of a table and as plain JSON. */

import { plotWords } from "./plots.mjs";
import { valuesOf } from "./store.mjs";

/** The condition, where there is a choice, and the generation. */
export function whereWords({ condition, generation, hasChoice }) {
  const where = `generation ${generation.toLocaleString("en-GB")}`;
  return hasChoice ? `${condition.name}, ${where}` : `G${where.slice(1)}`;
}

/** One sentence for each thing: where we are, the curves, the panels. */
export function shownWords(shown) {
  const { condition, index, panels, plots } = shown;
  const parts = [whereWords(shown)];
  for (const spec of plots) {
    const said = plotWords(spec, condition, index);
    if (said) parts.push(said);
  }
  for (const { label, view, picture } of panels) {
    if (picture) parts.push(`${label}: ${view.words(picture)}`);
  }
  return `${parts.join(". ")}.`;
}

/** The columns of the data table: curves over the generations, then what the bars and tags say. */
export function tableColumns({ condition, generation, panels, plots }) {
  const columns = new Map([["generation", condition.generations]]);
  for (const { curves } of plots) {
    for (const { label, index } of curves) {
      const values = condition.curves[index];
      if (values === null) continue;
      columns.set(label, values.middle);
      if (!values.lower) continue;
      columns.set(`${label}, lower`, values.lower);
      columns.set(`${label}, upper`, values.upper);
    }
  }
  for (const { label, kind, names, picture } of panels) {
    if (kind === "bars" && picture) {
      columns.set(label, names);
      columns.set(`${label}, generation ${generation}`, valuesOf(picture));
    }
    if (picture?.tags) columns.set(`${label}, generation ${generation}`, picture.tags);
  }
  return columns;
}

/** What is drawn as plain JSON, for tests and for the curious. */
export function plainFrame({ condition, index, generation, panels, plots }) {
  const curves = {};
  for (const spec of plots) {
    for (const { label, index: place } of spec.curves) {
      curves[label] = condition.curves[place];
    }
  }
  const drawn = panels.map(({ label, kind, picture }) => picture && {
    label,
    kind,
    shape: picture.shape,
    values: Array.from(valuesOf(picture)),
    tags: picture.tags,
    groups: picture.groups && Array.from(picture.groups),
    text: picture.text,
  });
  const { name, generations } = condition;
  return { condition: name, generation, index, generations, panels: drawn, curves };
}
