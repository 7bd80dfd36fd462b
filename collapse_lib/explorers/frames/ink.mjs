/** The colours of a canvas: read from its own CSS, and read again when the paper changes. */

/** The CSS value of a colour of the palette; theory has the colour of the text. */
export function cssColour(role) {
  return role === null || role === "theory" ? "currentColor" : `var(--cl-${role})`;
}

/** [red, green, blue] of the colour that a node has. */
export function colourOf(node) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d");
  dot.fillStyle = getComputedStyle(node).color;
  dot.fillRect(0, 0, 1, 1);
  return [...dot.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** A pixel of this colour without its alpha, as ImageData holds it. */
export function pixelOf([red, green, blue]) {
  return (blue << 16) | (green << 8) | red;
}

/** Call when the book, JupyterLab or the system turns from light to dark; returns how to stop. */
export function watchPaper(changed) {
  const watcher = new MutationObserver(changed);
  const attributeFilter = ["data-theme", "data-jp-theme-light", "class", "style"];
  for (const node of [document.documentElement, document.body]) {
    watcher.observe(node, { attributes: true, attributeFilter });
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  return () => {
    watcher.disconnect();
    system.removeEventListener("change", changed);
  };
}
