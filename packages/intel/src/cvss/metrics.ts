/** The metrics of a CVSS vector, and what their letters are worth. @module */

/** Letters by metric: `AV` is `N`. */
export type Metrics = ReadonlyMap<string, string>;

/** Each metric once: of two values nobody could tell which counts. */
export function readMetrics(parts: readonly string[]): Metrics | undefined {
  const metrics = new Map<string, string>();
  for (const part of parts) {
    const [name = "", value, ...rest] = part.split(":");
    if (value === undefined || rest.length > 0 || metrics.has(name)) return undefined;
    metrics.set(name, value);
  }
  return metrics;
}

/** @returns the weights of the named metrics, in their order; undefined when one is missing or has another value */
export function weigh(
  metrics: Metrics,
  weights: Readonly<Record<string, Readonly<Record<string, number>>>>,
): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>();
  for (const [name, values] of Object.entries(weights)) {
    const value = metrics.get(name) ?? "";
    const weight = Object.hasOwn(values, value) ? values[value] : undefined;
    if (weight === undefined) return undefined;
    found.set(name, weight);
  }
  return found;
}
