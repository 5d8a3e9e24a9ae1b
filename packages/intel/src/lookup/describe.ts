/** A fact in one line, for people. @module */

import type { Lifecycle } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import type { Naming } from "../naming.ts";

const MAX_RANGES_SHOWN = 3;

export function describeFact(fact: Fact): string {
  switch (fact.kind) {
    case "lifecycle":
      return `${nameOf(fact.about)}${lineOf(fact.lifecycle)}: ${stagesOf(fact.lifecycle)}`;
    case "vulnerability":
      return `${fact.id}: ${fact.summary || "no summary"} (${nameOf(fact.about)}${versionsOf(fact.about)})${fact.withdrawnOn === undefined ? "" : ", withdrawn"}`;
    case "exploited":
      return `${fact.cve}: exploited, listed since ${fact.since}${fact.dueOn === undefined ? "" : `, to be mended by ${fact.dueOn}`} (${nameOf(fact.about)})`;
    case "probability":
      return `${fact.cve}: exploited within 30 days with a chance of ${(fact.probability * 100).toFixed(1)} %`;
    case "decision-points":
      return `${fact.cve}: ${decisionsOf(fact)}`;
    case "decision":
      return `${fact.table}: ${fact.outcome}, when ${Object.entries(fact.when)
        .map(([point, value]) => `${point} is ${value}`)
        .join(", ")}`;
    case "statement":
      return `${fact.vulnerability}: ${fact.statement.status} in ${nameOf(fact.about)}${versionsOf(fact.about)}, says ${fact.statement.author}`;
    case "indicator":
      return `${fact.indicator.kind} ${fact.indicator.value}: ${fact.indicator.title}`;
    case "witness":
      return `${fact.witness.packageId} ${fact.witness.version ?? ""}: ${fact.witness.sha256}`;
    case "supplier":
      return `${fact.supplier.name}: ${suppliedFrom(fact.supplier)}`;
    case "rule":
      return `rules of ${fact.name}`;
    case "trust":
      return `${fact.form} ${fact.name} (sha256:${fact.sha256})`;
    case "fix":
      return `${fact.title} (${fact.cves.join(", ")})`;
  }
}

function nameOf({ vendor, product, identifiers }: Naming): string {
  const named = [vendor, product].filter((part) => part !== undefined).join(" ");
  return named === "" ? (identifiers[0]?.value ?? "a product without a name") : named;
}

function versionsOf({ versions }: Naming): string {
  if (versions === "all") return ", every version";
  const ranges = versions.ranges
    .slice(0, MAX_RANGES_SHOWN)
    .map(({ introduced, fixed, lastAffected }) =>
      [
        introduced === undefined || introduced === "0" ? "" : `from ${introduced} `,
        fixed === undefined ? "" : `before ${fixed}`,
        lastAffected === undefined ? "" : `up to ${lastAffected}`,
      ]
        .join("")
        .trim(),
    );
  const told = [...ranges.filter((range) => range !== ""), ...versions.exact.slice(0, MAX_RANGES_SHOWN)];
  const more = versions.ranges.length + versions.exact.length > told.length ? " and more" : "";
  return told.length === 0 ? "" : `, ${told.join(", ")}${more}`;
}

const lineOf = ({ release }: Lifecycle): string => (release === undefined ? "" : ` ${release}`);

function stagesOf(lifecycle: Lifecycle): string {
  const since = (what: string, when: string | true | undefined) =>
    when === undefined ? [] : [when === true ? what : `${what} ${when}`];
  const stages = [
    ...since("retired on", lifecycle.retiredOn),
    ...since("end of life", lifecycle.endOfLife),
    ...since("end of security support", lifecycle.endOfSecuritySupport),
    ...since("end of active support", lifecycle.endOfActiveSupport),
  ];
  const replacement = lifecycle.replacement === undefined ? [] : [`use ${lifecycle.replacement} instead`];
  return [...(stages.length === 0 ? ["no end is known"] : stages), ...replacement].join("; ");
}

function decisionsOf(fact: Extract<Fact, { kind: "decision-points" }>): string {
  const told = [
    ...(fact.exploitation === undefined ? [] : [`exploitation ${fact.exploitation}`]),
    ...(fact.isAutomatable === undefined ? [] : [fact.isAutomatable ? "automatable" : "not automatable"]),
    ...(fact.technicalImpact === undefined ? [] : [`technical impact ${fact.technicalImpact}`]),
  ];
  return told.length === 0 ? "nothing is decided" : told.join(", ");
}

function suppliedFrom({
  coolingOffDays,
  domains,
}: {
  coolingOffDays?: number;
  domains: readonly string[];
}): string {
  const told = [
    ...(coolingOffDays === undefined ? [] : [`releases wait ${coolingOffDays} days`]),
    ...(domains.length === 0 ? [] : [`publishes from ${domains.join(", ")}`]),
  ];
  return told.join("; ");
}
