/** Numbers and tables, as the documents write them. */

/** Stands where there is no figure. */
export const NONE = "–";

/** A table of Markdown; all columns but the first are numbers. */
export function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = `| ${titles.map((_, index) => (index === 0 ? "---" : "---:")).join(" | ")} |`;
  return [line(titles), rule, ...rows.map(line)].join("\n");
}

/** `1,234.50` with two digits; NONE for no number. */
export function number(value, digits = 0) {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Microseconds as milliseconds. */
export function ms(us) {
  return us === undefined ? undefined : us / 1000;
}

/** A figure and, in brackets, how many times another's it is. */
export function withTimes(said, times) {
  return times === undefined ? said : `${said} (${number(times, 2)})`;
}
