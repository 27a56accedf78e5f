/** Plots as SVG: one bar a peer, in colours that follow the reader's light or dark. */
import { PEERS, plainName } from "./peers.mjs";

const WIDTH = 760;
const LABELS_RIGHT = 190;
const BARS_RIGHT = 660;
const ROW = 26;
const TOP = 66;
const BOTTOM = 32;

export const PLOTS = [
  {
    file: "f1-cpu.svg",
    shape: "f1",
    metric: "cpuUs",
    title: "1,000 people in a room, 100 messages a second",
    says: "CPU of the server for each delivery, in µs. Shorter is better.",
    show: (value) => value.toFixed(2),
    tick: plain,
  },
  {
    file: "f1-p99.svg",
    shape: "f1",
    metric: "p99Us",
    scale: "log",
    title: "1,000 people in a room, 100 messages a second",
    says: "99 of 100 deliveries come within so many ms (logarithmic). Further left is better.",
    show: (value) => `${(value / 1000).toFixed(1)} ms`,
    tick: (value) => plain(value / 1000),
  },
  {
    file: "f2-deliveries.svg",
    shape: "f2",
    metric: "deliveries",
    title: "1,000 people in a room, as fast as it goes",
    says: "Deliveries a second. Longer is better.",
    show: thousands,
    tick: thousands,
  },
  {
    file: "f3-deliveries.svg",
    shape: "f3",
    metric: "deliveries",
    title: "50 people in a room, all talking at once",
    says: "Deliveries a second. Longer is better.",
    show: thousands,
    tick: thousands,
  },
  {
    file: "f4-cpu.svg",
    shape: "f4",
    metric: "cpuUs",
    title: "10,000 people in a room, 10 messages a second",
    says: "CPU of the server for each delivery, in µs. Shorter is better.",
    show: (value) => value.toFixed(2),
    tick: plain,
  },
  {
    file: "f5-cpu.svg",
    shape: "f5",
    metric: "cpuUs",
    title: "Rooms of 20, 2,000 messages a second in all",
    says: "CPU of the server for each delivery, in µs. Shorter is better.",
    show: (value) => value.toFixed(2),
    tick: plain,
  },
  {
    file: "idle-memory.svg",
    shape: "idle",
    metric: "idleBytes",
    scale: "log",
    title: "Idle connections",
    says: "Memory of the server for each, in bytes, without the kernel's (logarithmic). Further left is better.",
    show: (value) => `${Math.round(value).toLocaleString("en")} B`,
    tick: plain,
  },
];

/** The plots that there are figures for: [{file, title, says, svg}]. */
export function plots(figures, generator) {
  return PLOTS.flatMap((plot) => {
    const rows = PEERS.flatMap((peer) => {
      const values = [...figures.values(plot.shape, peer.id, generator, plot.metric).values()];
      // A logarithm has no place for 0, nor for the less than 0 that few connections can come to.
      if (values.length === 0 || (plot.scale === "log" && values.some((value) => value <= 0))) return [];
      const value = figures.median(plot.shape, peer.id, generator, plot.metric);
      return { name: plainName(peer), kind: kind(peer), value, low: Math.min(...values), high: Math.max(...values) };
    });
    return rows.length > 0 ? { ...plot, svg: draw(plot, rows) } : [];
  });
}

/** One plot; rows: [{name, kind, value, low, high}]. The line through the end of a bar is from the least round to the most. */
export function draw(plot, rows) {
  const at = plot.scale === "log" ? logarithmic(rows) : linear(rows);
  const height = TOP + rows.length * ROW + BOTTOM;
  const marks = rows.map((row, index) => (plot.scale === "log" ? dot : bar)(row, TOP + index * ROW, at));
  const labels = rows.map((row, index) => label(plot, row, TOP + index * ROW, at));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(`${plot.title}. ${plot.says}`)}">
<style>${STYLE}</style>
<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="20" y="28">${escapeXml(plot.title)}</text>
<text class="says" x="20" y="48">${escapeXml(plot.says)}</text>
${at.lines.map((value) => gridLine(plot, value, at(value), height - BOTTOM)).join("\n")}
${marks.join("\n")}
${labels.join("\n")}
</svg>
`;
}

const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;fill:#1f2328}
.title{font-size:15px;font-weight:600}
.says{fill:#59636e}
.ours{font-weight:600}
.name{text-anchor:end}
.tick{text-anchor:middle;font-size:11px;fill:#59636e}
.value{font-variant-numeric:tabular-nums;stroke:#fff;stroke-width:3px;paint-order:stroke}
.ground{fill:#fff;stroke:#d1d9e0}
.grid{stroke:#e4e8ec}
.spread{stroke:#1f2328;stroke-width:1.5}
.mark-ours{fill:#0b5c6b}
.mark-limit{fill:#cfc9bd}
.mark-peer{fill:#8fa9b3}
.lead{stroke:#d1d9e0;stroke-dasharray:2 3}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}
.says,.tick{fill:#a3acb6}
.value{stroke:#0d1117}
.ground{fill:#0d1117;stroke:#30363d}
.grid{stroke:#21262d}
.spread{stroke:#f0f6fc}
.mark-ours{fill:#7cc7d6}
.mark-limit{fill:#857e70}
.mark-peer{fill:#5f8494}
.lead{stroke:#30363d}
}
`;

function gridLine(plot, value, x, bottom) {
  const said = escapeXml(plot.tick(value));
  return `<path class="grid" d="M${x} ${TOP - 4}V${bottom + 4}"/><text class="tick" x="${x}" y="${bottom + 18}">${said}</text>`;
}

function kind(peer) {
  if (peer.needs === "parlour") return "ours";
  return peer.id.startsWith("limit") ? "limit" : "peer";
}

function bar(row, y, at) {
  const from = at(0);
  const width = Math.max(1, round(at(row.value) - from));
  return `<rect class="mark-${row.kind}" x="${from}" y="${y + 4}" width="${width}" height="${ROW - 9}" rx="2"/>${spread(row, y, at)}`;
}

/** A bar would have to begin at 0, which a logarithm does not have. */
function dot(row, y, at) {
  const middle = y + ROW / 2;
  const x = at(row.value);
  return `<path class="lead" d="M${LABELS_RIGHT + 10} ${middle}H${x}"/>${spread(row, y, at)}<circle class="mark-${row.kind}" cx="${x}" cy="${middle}" r="6"/>`;
}

function spread(row, y, at) {
  const [low, high] = [at(row.low), at(row.high)];
  return high - low < 2 ? "" : `<path class="spread" d="M${low} ${y + ROW / 2}H${high}"/>`;
}

function label(plot, row, y, at) {
  const base = y + ROW / 2 + 4.5;
  const ours = row.kind === "ours" ? " ours" : "";
  const x = round(Math.max(at(row.high), at(row.value)) + (plot.scale === "log" ? 12 : 8));
  return `<text class="name${ours}" x="${LABELS_RIGHT}" y="${base}">${escapeXml(row.name)}</text><text class="value${ours}" x="${x}" y="${base}">${escapeXml(plot.show(row.value))}</text>`;
}

/** Value to x, from 0. */
function linear(rows) {
  const most = Math.max(...rows.map((row) => row.high)) || 1;
  const step = stepFor(most);
  const from = LABELS_RIGHT + 10;
  const at = (value) => round(from + (value / most) * (BARS_RIGHT - from));
  at.lines = [];
  for (let line = 0; line <= most; line += step) at.lines.push(line);
  return at;
}

/** Value to x, a line for each power of ten. */
function logarithmic(rows) {
  const low = Math.floor(Math.log10(Math.max(1e-9, Math.min(...rows.map((row) => row.low)))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...rows.map((row) => row.high)))));
  const from = LABELS_RIGHT + 10;
  const at = (value) =>
    round(from + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (BARS_RIGHT - from));
  at.lines = [];
  for (let power = low; power <= high; power++) at.lines.push(10 ** power);
  return at;
}

/** 1, 2 or 5 times a power of ten, for four to ten lines. */
function stepFor(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [0.1, 0.2, 0.5, 1].map((part) => part * power).find((step) => most / step <= 8) ?? power * 2;
}

/** A round number as one says it. */
function plain(value) {
  return Number(value.toPrecision(6)).toLocaleString("en");
}

function thousands(value) {
  if (value === 0) return "0";
  return value >= 1_000_000 ? `${Number((value / 1_000_000).toFixed(2))} M` : `${Math.round(value / 1000)} k`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
