/** What installers of Windows have run, and leave to be started. @module */

import type { Action, EmbeddedTransform, Executed } from "../../formats/ole/executed.ts";
import { readExecuted } from "../../formats/ole/executed.ts";
import { listShortly } from "../small-text.ts";
import { type Difference, observed, type Trait } from "../trait.ts";
import { runsAsSystem, setsCommand, usesHost, whatItRuns, withoutBuild } from "./action-kind.ts";

export const customActions: Trait<Executed> = {
  id: "custom-actions",
  title: "Custom actions",
  question: "What does the installer run, or leave to be started, that it did not before?",
  document:
    "Windows Installer SDK: CustomAction, ServiceInstall and Registry Table, Embedded Transforms; MITRE ATT&CK T1218.007",
  formats: ["msi", "msp", "mst"],
  rules: {
    "action-added": "The installer has an action that it did not have.",
    "action-changed": "An action of the installer is another one.",
    "service-added": "The installer installs a service that it did not.",
    "service-changed": "A service is started differently.",
    "start-added": "The installer has something started by Windows that it did not.",
    "start-changed": "Windows starts something else for the installer.",
    "transform-added": "The installer carries a transform that it did not.",
    "transform-changed": "A transform that the installer carries changes other things.",
    changed: "More rows than are kept changed.",
  },
  observe: (source, { maxHeldBytes }) => readExecuted(source, maxHeldBytes),
  *compare(pair) {
    const before = observed<Executed>(pair.before, customActions);
    const after = observed<Executed>(pair.after, customActions);
    // An installer that came new inside another is told as a new file.
    if (before === undefined || after === undefined) return;
    yield* compareActions(before, after);
    yield* compareServices(before, after);
    yield* compareStarts(before, after);
    yield* compareTransforms(before, after);
    if (before.rest !== after.rest)
      yield {
        rule: "changed",
        risk: "medium",
        because: "has other rows among those that are too many to be kept",
      };
  },
};

function* compareActions(before: Executed, after: Executed): Generator<Difference> {
  const known = new Map(before.actions.map((action) => [action.name, action]));
  const same = new Set(before.actions.map(essence));
  for (const action of after.actions) {
    const was = known.get(action.name);
    if (was === undefined) yield* tellAdded(action, same.has(essence(action)), before);
    else if (JSON.stringify(was) !== JSON.stringify(action)) yield* tellChanged(was, action);
  }
}

/** What an action does, whatever it is called in this build. */
const essence = ({ type, source, target }: Action): string =>
  withoutBuild(`${type & 0x3f}\n${source}\n${target}`);

function* tellAdded(action: Action, isRenamed: boolean, before: Executed): Generator<Difference> {
  const runs = whatItRuns(action);
  const rights = runsAsSystem(action) ? ", with the rights of the system" : "";
  const after = { text: shown(action) };
  if (runs === undefined) {
    const risk = !isRenamed && setsCommand(action) ? (usesHost(action) ? "high" : "medium") : "info";
    const because = `has a new action ${action.name}, which sets a property`;
    yield { rule: "action-added", risk, because, after };
    return;
  }
  // Another entry of a library that was there is how a framework's next feature looks.
  const isKnownLibrary =
    (action.type & 0x3f) === 1 && before.actions.some(({ source }) => source === action.source);
  const risk = isRenamed ? "info" : isKnownLibrary ? "medium" : "high";
  yield {
    rule: "action-added",
    risk,
    because: `has a new action ${action.name}, which ${runs}${rights}`,
    after,
  };
}

function* tellChanged(was: Action, action: Action): Generator<Difference> {
  yield {
    rule: "action-changed",
    risk: riskOfChange(was, action),
    because: `has another action ${action.name}, which ${whatItRuns(action) ?? "sets a property"}`,
    before: { text: shown(was) },
    after: { text: shown(action) },
  };
}

function riskOfChange(was: Action, action: Action): Difference["risk"] {
  const runs = whatItRuns(action) !== undefined || setsCommand(action);
  if (!runs) return "info";
  if (whatItRuns(was) === undefined && !setsCommand(was)) return "high";
  if (usesHost(action) && !usesHost(was)) return "high";
  const isSame = essence(was) === essence(action);
  if (runsAsSystem(action) && !runsAsSystem(was)) return "medium";
  return isSame ? "info" : "medium";
}

function* compareServices(before: Executed, after: Executed): Generator<Difference> {
  const known = new Map(before.services.map((service) => [withoutBuild(service.name), service]));
  for (const service of after.services) {
    const was = known.get(withoutBuild(service.name));
    const text = `${service.name}\naccount ${service.account || "LocalSystem"}\narguments ${service.arguments}`;
    if (was === undefined)
      yield {
        rule: "service-added",
        risk: "high",
        because: `installs a service ${service.name}, which it did not before`,
        after: { text },
      };
    else if (
      was.account !== service.account ||
      withoutBuild(was.arguments) !== withoutBuild(service.arguments)
    )
      yield {
        rule: "service-changed",
        risk: "medium",
        because: `has the service ${service.name} started with another account or other arguments`,
        before: { text: `${was.name}\naccount ${was.account || "LocalSystem"}\narguments ${was.arguments}` },
        after: { text },
      };
  }
}

function* compareStarts(before: Executed, after: Executed): Generator<Difference> {
  const known = new Map(
    before.starts.map((start) => [withoutBuild(`${start.key}\\${start.name}`), start.value]),
  );
  for (const { key, name, value } of after.starts) {
    const was = known.get(withoutBuild(`${key}\\${name}`));
    if (was !== undefined && withoutBuild(was) === withoutBuild(value)) continue;
    yield {
      rule: was === undefined ? "start-added" : "start-changed",
      risk: was === undefined ? "high" : "medium",
      because: `has Windows start ${was === undefined ? "something" : "something else"} through ${lastKey(key)}, which it did not before`,
      ...(was === undefined ? {} : { before: { text: was } }),
      after: { text: `${key}\n${name} = ${value}` },
    };
  }
}

const lastKey = (key: string): string => key.split("\\").slice(-2).join("\\");

/** Tables by which a transform changes what is run. */
const RUNNING: ReadonlySet<string> = new Set([
  "CustomAction",
  "Binary",
  "ServiceInstall",
  "Registry",
  "InstallExecuteSequence",
  "InstallUISequence",
  "File",
]);
/** "Embedded Transforms": those for languages are called by the number of the language. */
const LANGUAGE = /^\d{4,5}$/;

function* compareTransforms(before: Executed, after: Executed): Generator<Difference> {
  const known = new Map(before.transforms.map((transform) => [transform.name, transform]));
  for (const transform of after.transforms) {
    const was = known.get(transform.name);
    const grave = transform.tables.filter((table) => RUNNING.has(table) && !was?.tables.includes(table));
    const news = newActions(was, transform);
    if (was !== undefined && grave.length === 0 && news.length === 0) continue;
    const runs = news.some((action) => whatItRuns(action) !== undefined || setsCommand(action));
    const isGrave =
      runs || grave.includes("CustomAction") || grave.includes("Binary") || grave.includes("ServiceInstall");
    const changes = grave.length > 0 ? `, which changes ${listShortly(grave)}` : "";
    yield {
      rule: was === undefined ? "transform-added" : "transform-changed",
      risk: isGrave ? "high" : LANGUAGE.test(transform.name) ? "low" : "medium",
      because: `carries ${was === undefined ? "a new" : "another"} transform ${transform.name}${changes}`,
      after: { text: [...transform.tables, ...news.map(shown)].join("\n").slice(0, 4000) },
    };
  }
}

function newActions(was: EmbeddedTransform | undefined, { actions = [] }: EmbeddedTransform): Action[] {
  const known = new Set((was?.actions ?? []).map((action) => JSON.stringify(action)));
  return actions.filter((action) => !known.has(JSON.stringify(action)));
}

const shown = ({ name, type, source, target }: Action): string =>
  `${name}\ntype ${type}\nsource ${source}\ntarget ${target}`.slice(0, 1500);
