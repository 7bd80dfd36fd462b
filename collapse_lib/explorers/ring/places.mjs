/** Where things stand and how they travel, in the units of a form of layout.json. */

const COLUMNS = 10;

/** @param {Object} form  one of layout.json */
export function placesOf({ stations, card, pitch, ways }, n, K) {
  const left = (station) => stations[station][0] - ((COLUMNS - 1) * pitch) / 2;
  const top = (station) => stations[station][1] + 0.02 * card[1];
  return {
    /** Place i of a cloud of objects. */
    slot: (station, i) => [
      left(station) + (i % COLUMNS) * pitch,
      top(station) + Math.floor(i / COLUMNS) * pitch * 0.92,
    ],
    /** The sign of a kind where kinds are counted. */
    sign: (kind) => [left("measure") + kind * pitch, top("measure") + pitch],
    share: () => [left("measure") - pitch * 0.42, top("measure") + 3 * pitch],
    /** Object i on the bar of what was learned. */
    onBar: (i) => [bar().x + ((i + 0.5) / n) * bar().width, top("fit") + pitch],
    bar,
    /** On the way from a to b, s of 1 done: along the curve, and out of one order into another. */
    travel(way, a, b, s) {
      const [x, y] = onCurve(ways[way], s);
      const [x0, y0, , , , , x1, y1] = ways[way];
      const [off, near] = [(1 - s) ** 3, s ** 3];
      return [x + (a[0] - x0) * off + (b[0] - x1) * near, y + (a[1] - y0) * off + (b[1] - y1) * near];
    },
  };

  function bar() {
    return { x: left("fit") - pitch / 2, y: top("fit"), width: COLUMNS * pitch, height: 2 * pitch };
  }
}

/** An arrow head in the middle of a curve, as a path. */
export function arrowOf(way) {
  const [[x0, y0], [x, y]] = [onCurve(way, 0.49), onCurve(way, 0.51)];
  const size = 5 / Math.hypot(x - x0, y - y0);
  const [dx, dy] = [(x - x0) * size, (y - y0) * size];
  const point = (px, py) => `${px.toFixed(1)} ${py.toFixed(1)}`;
  return `M${point(x - dx - dy, y - dy + dx)}L${point(x, y)}L${point(x - dx + dy, y - dy - dx)}`;
}

function onCurve([x0, y0, x1, y1, x2, y2, x3, y3], s) {
  const r = 1 - s;
  const [a, b, c, d] = [r * r * r, 3 * r * r * s, 3 * r * s * s, s * s * s];
  return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
}

/** How a swarm goes: object i of n, s of 1 of the leg done, each a little after the one before. */
export function staggered(s, i, n) {
  const late = 0.4 * (i / n);
  const own = Math.min(1, Math.max(0, (s - late) / 0.6));
  return own * own * (3 - 2 * own);
}
