// How nodes, edges and labels look, on the canvas and in SVG: one place for both.
const root = getComputedStyle(document.documentElement);
export const color = (name) => root.getPropertyValue(`--${name}`).trim();
export const LINE = {
  stated: { width: 2.8, dashes: false, arrow: true }, corrected: { width: 2.8, dashes: false, arrow: true }, inferred: { width: 1.8, dashes: [7, 5], arrow: true },
  cites: { width: 1.4, dashes: [2, 4], arrow: true }, similar: { width: 0.9, dashes: false, arrow: false },
};
const ROLE = { width: 0.8, dashes: false, arrow: false };
export const line = (e) => LINE[e.kind] || ROLE;
export const lineColor = (e) => color(LINE[e.kind] ? e.kind : "task");
export const lineOpacity = (e) => (e.kind === "similar" ? 0.35 + 0.55 * e.weight : LINE[e.kind] ? 0.95 : 0.6);
export const fill = (n) => (n.outside ? color("surface") : color(`k-${n.kind.toLowerCase()}`));
export const rim = (n) => color(n.centre || n.ticked ? "focus" : n.outside ? "outside" : `k-${n.kind.toLowerCase()}`);

export const drawnNode = (n) => ({
  id: n.id, shape: n.shape, size: n.size, x: n.x, y: n.y, borderWidth: n.ticked ? 6 : n.centre ? 4 : 2,
  shapeProperties: { borderDashes: n.outside ? [4, 3] : false },
  color: { background: fill(n), border: rim(n), highlight: { background: fill(n), border: color("focus") }, hover: { background: fill(n), border: color("focus") } },
});
export const drawnEdge = (e) => ({
  id: e.id, from: e.from, to: e.to, width: line(e).width, dashes: line(e).dashes,
  arrows: line(e).arrow ? { to: { enabled: true, scaleFactor: 0.7 } } : "",
  color: { color: lineColor(e), hover: lineColor(e), highlight: color("focus"), opacity: lineOpacity(e) },
});

// The scale and middle at which all nodes, with room for their labels, fill the picture; never larger than life.
export const frame = (nodes, picture) => {
  const xs = nodes.map((n) => n.x), ys = nodes.map((n) => n.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(picture.clientWidth - 150, picture.clientWidth * 0.7), high = picture.clientHeight - 110;
  const scale = Math.max(0.08, Math.min(1.15, wide / Math.max(right - left, 1), high / Math.max(bottom - top, 1)));
  return { position: { x: (left + right) / 2, y: (top + bottom) / 2 - 8 / scale }, scale };
};

// Labels keep one size on the screen. The more important goes first, and one that would lie on another is left out until there is room.
// `limits`: what is in view, in screen pixels from the middle of the world.
export const placeLabels = (nodes, scale, width, chosen, hovered, limits = { left: -Infinity, right: Infinity }) => {
  const rank = (n) => (n.id === chosen || n.id === hovered ? 0 : n.centre ? 1 : 2);
  const order = [...nodes].sort((a, b) => rank(a) - rank(b) || b.size - a.size || (a.id < b.id ? -1 : 1));
  const taken = nodes.map((n) => { const r = n.size * scale; return { of: n, left: n.x * scale - r, right: n.x * scale + r, top: n.y * scale - r, bottom: n.y * scale + r }; });
  const clashes = (n, box) => box.left < limits.left || box.right > limits.right || taken.some((t) => t.of !== n && t.left < box.right && box.left < t.right && t.top < box.bottom && box.top < t.bottom);
  const shown = [];
  for (const n of order) {
    const size = n.centre ? 15 : 13, w = width(n.label, size) / 2, r = n.size * scale, x = n.x * scale, y = n.y * scale;
    const spots = [[x, y + r + 4], [x, y - r - size - 4], [x + r + w + 5, y - size / 2], [x - r - w - 5, y - size / 2]];
    const box = ([cx, cy]) => ({ left: cx - w - 2, right: cx + w + 2, top: cy, bottom: cy + size + 2 });
    const spot = spots.find((s) => !clashes(n, box(s))) ?? (rank(n) < 2 ? spots[0] : null);
    if (!spot) continue;
    taken.push(box(spot));
    shown.push({ node: n, size, x: spot[0] / scale, y: spot[1] / scale });
  }
  return shown;
};
export const drawLabels = (ctx, network, nodes, chosen, hovered) => {
  const scale = network.getScale(), family = getComputedStyle(document.body).fontFamily, at = network.getPositions();
  const width = (text, size) => { ctx.font = `${size}px ${family}`; return ctx.measureText(text).width; };
  const view = network.getViewPosition(), half = network.body.container.clientWidth / 2;
  const limits = { left: view.x * scale - half, right: view.x * scale + half };
  const live = nodes.map((n) => ({ ...n, ...at[n.id] }));
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  for (const { node, size, x, y } of placeLabels(live, scale, width, chosen, hovered, limits).reverse()) {
    ctx.font = `${node.centre || node.id === chosen ? 600 : 400} ${size / scale}px ${family}`;
    ctx.lineWidth = 4 / scale;
    ctx.strokeStyle = color("surface");
    ctx.strokeText(node.label, x, y);
    ctx.fillStyle = color(node.outside ? "ink-2" : "ink");
    ctx.fillText(node.label, x, y);
  }
};
