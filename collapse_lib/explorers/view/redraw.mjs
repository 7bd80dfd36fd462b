/** When a figure draws itself anew: in the next frame, once however much has changed by then. */

/**
 * @param {function(): void} draw  calls `begin` of what this returns before it draws
 * @returns {{schedule: function(): void, begin: function(): void, isDue: function(): boolean}}
 *   schedule: draw in the next frame; begin: what was scheduled is done now, or given up; isDue:
 *   whether a drawing is scheduled.
 */
export function createRedraw(draw) {
  let pending = null;
  return {
    schedule() {
      pending ??= requestAnimationFrame(() => draw());
    },
    begin() {
      if (pending !== null) cancelAnimationFrame(pending);
      pending = null;
    },
    isDue: () => pending !== null,
  };
}

/** Call changed() where resize(width) says that the width of a node matters; returns how to stop. */
export function followWidth(node, resize, changed) {
  resize(node.clientWidth);
  const observer = new ResizeObserver(() => {
    if (resize(node.clientWidth)) changed();
  });
  observer.observe(node);
  return () => observer.disconnect();
}
