/** The figures in the reports: medians over rounds, and ratios taken within each round. */
import { median, medianRatio } from "./arithmetic.mjs";
import { foreignPercent } from "./session.mjs";

/** Where each figure is in a report; a report without it gives undefined. */
const METRICS = {
  deliveries: (report) => report.measured?.deliveries_per_s,
  cpuUs: (report) => report.measured?.server?.cpu_us_per_delivery,
  p50Us: (report) => report.measured?.latency_us?.p50,
  p99Us: (report) => report.measured?.latency_us?.p99,
  lost: (report) => report.run?.lost,
  cutOff: (report) => report.run?.disconnected,
  generatorCpu: (report) => report.measured?.own_cpu?.percent,
  connected: (report) => report.connect?.connected,
  connectsPerS: (report) => report.connect?.per_second,
  connectCpuUs: (report) => report.connect?.server_cpu_us_each,
  idleBytes: (report) => report.idle?.server_rss_per_connection,
  slabBytes: (report) => report.idle?.kernel_slab_per_connection,
  idleCpuPer10k: (report) => scaled(report.idle?.server_cpu_percent_idle, 10_000 / report.connect?.connected),
  connectionsPerGiB: (report) => connectionsPerGiB(report.idle),
  healthyRatio: (report) => report.with_slow?.delivered_ratio,
  worstRatio: (report) => report.with_slow?.worst_client_ratio,
  baselineP99Us: (report) => report.baseline?.latency_us?.p99,
  slowP99Us: (report) => report.with_slow?.latency_us?.p99,
  slowP99Ratio: (report) => report.with_slow?.latency_us?.p99 / report.baseline?.latency_us?.p99 || undefined,
  slowPeakBytes: (report) => report.with_slow?.server?.peak_rss,
  slowGivenUp: (report) => report.slow_clients?.disconnected_by_server,
  sendsPerS: (report) => report.measured?.replies_per_s,
  replyP50Us: (report) => report.measured?.reply_us?.p50,
  replyP99Us: (report) => report.measured?.reply_us?.p99,
  loneP50Us: (report) => report.lone?.reply_us?.p50,
  loneP99Us: (report) => report.lone?.reply_us?.p99,
};

/** Everything that must be 0: what was sent and did not come once, in order, to whom it was for. */
const FAULTS = ["lost", "duplicated", "out_of_order", "misrouted", "garbled", "protocol_errors", "disconnected"];

export class Figures {
  #records;

  constructor(records) {
    this.#records = records;
  }

  /** Of each round the attempt that was disturbed least; {round, record}. */
  kept(shape, peer, generator) {
    const kept = new Map();
    for (const record of this.#of(shape, peer, generator)) {
      if (record.failed) continue;
      const before = kept.get(record.round);
      if (!before || disturbance(record) < disturbance(before)) kept.set(record.round, record);
    }
    return kept;
  }

  /** Round by round. */
  values(shape, peer, generator, metric) {
    const values = new Map();
    for (const [round, record] of this.kept(shape, peer, generator)) {
      const value = METRICS[metric](record.report);
      if (Number.isFinite(value)) values.set(round, value);
    }
    return values;
  }

  median(shape, peer, generator, metric) {
    return median([...this.values(shape, peer, generator, metric).values()]);
  }

  /** How many times the other's, in the median round. */
  ratio(shape, peer, other, generator, metric) {
    return medianRatio(this.values(shape, peer, generator, metric), this.values(shape, other, generator, metric));
  }

  /** A peer's figure under one shape, over its own under another, in the median round. */
  betweenShapes(shape, otherShape, peer, generator, metric) {
    return medianRatio(this.values(shape, peer, generator, metric), this.values(otherShape, peer, generator, metric));
  }

  /** The foreign CPU of the kept rounds: {median, most}. */
  foreign(shape, peer, generator) {
    const seen = [...this.kept(shape, peer, generator).values()].map(foreignPercent).filter(Number.isFinite);
    return { median: median(seen), most: seen.length > 0 ? Math.max(...seen) : undefined };
  }

  /** Faults of all runs of a peer, repeated ones too; undefined when it was not run. */
  faults(peer, generator) {
    const reports = this.#of(undefined, peer, generator).flatMap((record) => record.report ?? []);
    if (reports.length === 0) return undefined;
    const inRun = (report) =>
      FAULTS.reduce((sum, name) => sum + (report.run?.[name] ?? 0), report.idle?.disconnected ?? 0);
    return reports.reduce((sum, report) => sum + inRun(report), 0);
  }

  /** Why the last attempt of a peer came to nothing, where nothing else did. */
  failure(shape, peer, generator) {
    if (this.kept(shape, peer, generator).size > 0) return undefined;
    return this.#of(shape, peer, generator).at(-1)?.failed;
  }

  has(shape, generator) {
    return this.#records.some((record) => record.shape === shape && record.generator === generator);
  }

  /** The generators that were used; Parlour's own first. */
  generators() {
    return ["parlour", "swarm"].filter((name) => this.#records.some((record) => record.generator === name));
  }

  /** The load of a shape, as it was asked for. */
  load(shape) {
    return this.#records.find((record) => record.shape === shape)?.load;
  }

  rounds() {
    return new Set(this.#records.map((record) => record.round)).size;
  }

  #of(shape, peer, generator) {
    return this.#records.filter(
      (record) => (!shape || record.shape === shape) && record.peer === peer && record.generator === generator,
    );
  }
}

function disturbance(record) {
  return foreignPercent(record) ?? 0;
}

/** The slab is that of both ends of loopback: half of it is the server's. */
function connectionsPerGiB(idle) {
  const bytes = idle?.server_rss_per_connection + idle?.kernel_slab_per_connection / 2;
  // The slab is the whole machine's: with few connections its other movements are larger, and the sum says nothing.
  return bytes > 0 ? 2 ** 30 / bytes : undefined;
}

function scaled(value, by) {
  return value === undefined || value === null ? undefined : value * by;
}
