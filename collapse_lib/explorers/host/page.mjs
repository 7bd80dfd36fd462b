/**
 * What makes an anywidget module run on a page that has no kernel.
 *
 * In JupyterLab anywidget calls `render` with the model that is joined to Python. On the static page
 * one script holds the views of all figures and calls `start`; a StaticModel stands in for Python.
 * What it is told stays in the page.
 */

const PAYLOAD = ".cl-payload";

/** The model of a static page: the traits that Python had when the page was built. */
class StaticModel {
  /** @param {Object<string, *>} traits name -> value; plain JSON, or a DataView for bytes */
  constructor(traits) {
    this.traits = new Map(Object.entries(traits));
    this.listeners = new Map();
  }

  get(name) {
    return this.traits.get(name);
  }

  /** Keep a value; listeners hear of it at once, unless it is the value that was there. */
  set(name, value) {
    if (sameTrait(this.traits.get(name), value)) return;
    this.traits.set(name, value);
    this.emit(`change:${name}`, this, value);
    this.emit("change", this);
  }

  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(listener);
  }

  /** Without a listener all of the event go; without an event all there are. */
  off(event, listener) {
    if (!event) this.listeners.clear();
    else if (!listener) this.listeners.delete(event);
    else this.listeners.get(event)?.delete(listener);
  }

  emit(event, ...given) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...given);
  }

  /** There is no kernel to tell. */
  save_changes() {}

  send() {}
}

/** Whether a trait keeps its value: plain JSON by content, bytes by identity. */
function sameTrait(before, now) {
  if (before === now) return true;
  if (ArrayBuffer.isView(before) || ArrayBuffer.isView(now)) return false;
  return JSON.stringify(before) === JSON.stringify(now);
}

/**
 * The traits that a figure carries as JSON: { traits: {name: value}, bytes: {name: base64} }.
 * @returns {Object<string, *>}
 */
function readPayload(figure) {
  const { traits, bytes } = JSON.parse(figure.querySelector(PAYLOAD).textContent);
  for (const [name, text] of Object.entries(bytes)) {
    const held = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    traits[name] = new DataView(held.buffer);
  }
  return traits;
}

/**
 * Put the live figure in the place of the still one. If the view fails, the still figure comes back
 * and the error goes on to the console. data-cl-host says which of them stands.
 * @param {HTMLElement} figure holds the still figure and the payload; data-cl-view names its view
 */
async function mount(figure, views) {
  const el = document.createElement("div");
  el.className = "cl-live";
  const still = [...figure.children].filter((part) => !part.matches("style, script"));
  for (const part of still) part.remove();
  figure.append(el);
  try {
    const name = figure.dataset.clView;
    if (!Object.hasOwn(views, name)) throw new Error(`This script has no figure ${name}.`);
    el.clModel = new StaticModel(readPayload(figure));
    await views[name].render({ model: el.clModel, el });
    figure.dataset.clHost = "live";
  } catch (error) {
    el.remove();
    figure.append(...still);
    figure.dataset.clHost = "still";
    throw error;
  }
}

/** Make the figures of this page live. @param {Object<string, {render: function}>} views */
export function start(views) {
  for (const figure of document.querySelectorAll(".cl-explorer[data-cl-view]")) {
    mount(figure, views);
  }
}
