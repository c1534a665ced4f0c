// Take the picture away: PNG and SVG, made here from nodes and edges; text is set as text, so nothing in a title can become markup.
import { color, fill, line, lineColor, lineOpacity, placeLabels, rim } from "./graph-draw.js";

const NS = "http://www.w3.org/2000/svg", PAD = 90;
const el = (tag, attributes, text) => {
  const e = document.createElementNS(NS, tag);
  Object.entries(attributes).forEach(([k, v]) => e.setAttribute(k, v));
  if (text) e.textContent = text.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD"); // what XML cannot hold
  return e;
};
const corners = (n, sides, turn) => Array.from({ length: sides }, (_, i) => {
  const a = turn + (2 * Math.PI * i) / sides;
  return `${(n.x + n.size * Math.cos(a)).toFixed(1)},${(n.y + n.size * Math.sin(a)).toFixed(1)}`;
}).join(" ");
const star = (n) => Array.from({ length: 10 }, (_, i) => {
  const a = -Math.PI / 2 + (Math.PI * i) / 5, r = n.size * (i % 2 ? 0.5 : 1.2);
  return `${(n.x + r * Math.cos(a)).toFixed(1)},${(n.y + r * Math.sin(a)).toFixed(1)}`;
}).join(" ");
const POINTS = { square: (n) => corners(n, 4, Math.PI / 4), diamond: (n) => corners(n, 4, 0), triangle: (n) => corners(n, 3, -Math.PI / 2),
  hexagon: (n) => corners(n, 6, 0), star };

const svg = ({ nodes, edges }) => {
  const at = new Map(nodes.map((n) => [n.id, n])), xs = nodes.map((n) => n.x), ys = nodes.map((n) => n.y);
  const left = Math.min(...xs) - PAD, top = Math.min(...ys) - PAD, wide = Math.max(...xs) - left + PAD, high = Math.max(...ys) - top + PAD;
  const out = el("svg", { xmlns: NS, viewBox: `${left} ${top} ${wide} ${high}`, width: Math.round(wide), height: Math.round(high), "font-family": "sans-serif" });
  out.append(el("rect", { x: left, y: top, width: wide, height: high, fill: color("surface") }));
  for (const e of edges) {
    const a = at.get(e.from), b = at.get(e.to), far = Math.hypot(b.x - a.x, b.y - a.y) || 1, k = (b.size + 3) / far;
    const x2 = b.x - (b.x - a.x) * k, y2 = b.y - (b.y - a.y) * k, style = line(e);
    const drawn = { stroke: lineColor(e), "stroke-opacity": lineOpacity(e), "stroke-width": style.width };
    if (style.dashes) drawn["stroke-dasharray"] = style.dashes.join(" ");
    const path = el("line", { x1: a.x, y1: a.y, x2: style.arrow ? x2 : b.x, y2: style.arrow ? y2 : b.y, ...drawn });
    path.append(el("title", {}, e.words));
    out.append(path);
    if (style.arrow) {
      const turn = Math.atan2(b.y - a.y, b.x - a.x), wing = (s) => `${(x2 - 9 * Math.cos(turn + s)).toFixed(1)},${(y2 - 9 * Math.sin(turn + s)).toFixed(1)}`;
      out.append(el("polygon", { points: `${x2.toFixed(1)},${y2.toFixed(1)} ${wing(0.45)} ${wing(-0.45)}`, fill: lineColor(e) }));
    }
  }
  for (const n of nodes) {
    const look = { fill: fill(n), stroke: rim(n), "stroke-width": n.centre ? 4 : 2, ...(n.outside ? { "stroke-dasharray": "4 3" } : {}) };
    const shape = POINTS[n.shape] ? el("polygon", { points: POINTS[n.shape](n), ...look }) : el("circle", { cx: n.x, cy: n.y, r: n.size, ...look });
    shape.append(el("title", {}, n.name));
    out.append(shape);
  }
  const ctx = document.createElement("canvas").getContext("2d"), width = (text, size) => { ctx.font = `${size}px sans-serif`; return ctx.measureText(text).width; };
  for (const { node, size, x, y } of placeLabels(nodes, 1, width)) {
    out.append(el("text", { x, y: y + size, "font-size": size, "text-anchor": "middle", fill: color("ink"), stroke: color("surface"), "stroke-width": 3,
      "paint-order": "stroke", "font-weight": node.centre ? 600 : 400 }, node.label));
  }
  return out;
};
const save = (blob, name) => {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
};
const asSvg = (shown) => new Blob([new XMLSerializer().serializeToString(svg(shown))], { type: "image/svg+xml" });
const asPng = (shown) => new Promise((done, fail) => {
  const image = new Image(), address = URL.createObjectURL(asSvg(shown));
  image.onload = () => {
    const scale = Math.min(2, 8000 / Math.max(image.width, image.height)), canvas = document.createElement("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture is too large for a PNG"))), "image/png");
  };
  image.onerror = () => fail(new Error("the picture could not be drawn"));
  image.src = address;
});

export const takeAway = (root, shown) => {
  const NAME = "papergraph";
  root.addEventListener("click", async (event) => {
    const what = event.target.dataset?.take;
    if (what === "svg") save(asSvg(shown()), `${NAME}.svg`);
    if (what === "png") save(await asPng(shown()), `${NAME}.png`);
    if (what === "copy") {
      await navigator.clipboard.writeText(document.querySelector("#take pre").textContent);
      event.target.textContent = "Copied";
    }
  });
};
