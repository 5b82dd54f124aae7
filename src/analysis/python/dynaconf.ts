/** Dynaconf's settings: the files that it is told of, one over the other, in the environment that is in force by itself. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { asValue, fileOf } from "../evaluate/files.ts";
import type { CallView } from "../semantics.ts";
import type { Value } from "../values.ts";

const MAKES = /^dynaconf(?:\.\w+)*\.(?:Dynaconf|LazySettings|FlaskDynaconf)$/;
/** Without `settings_files=`, in the order in which they are read. */
const USUAL = ["settings.toml", "settings.yaml", "settings.yml", "settings.json", "settings.ini"];
/** What stands under these goes for all and for who says nothing else, where a file has such sections. */
const IN_FORCE = ["default", "development", "global"];

/** Undefined where the call makes none, or none of its files is there. */
export function dynaconfSettings(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (!MAKES.test(path)) return undefined;
  const { scope } = view;
  const told = view.call.args.find((a) => /^settings?_files?(?:_for_dynaconf)?$/i.test(a.name ?? ""))?.value;
  const named = told?.kind === "array" ? told.items : told ? [told] : undefined;
  const files = named
    ? named.map((file) => fileOf(evaluator, file, scope, undefined))
    : USUAL.map((name) => evaluator.project.data(name, scope.file));
  const layers = files.flatMap((data) => (isTable(data) ? sectionsOf(data).map((s) => asValue(spelled(s))) : []));
  return layers.length > 0 ? { t: "layers", of: layers } : undefined;
}

type Table = Record<string, unknown>;

function isTable(data: unknown): data is Table {
  return data !== null && typeof data === "object" && !Array.isArray(data);
}

function sectionsOf(data: Table): Table[] {
  const inForce = IN_FORCE.flatMap((name) => (isTable(data[name]) ? [data[name]] : []));
  return inForce.length > 0 ? inForce : [data];
}

/** `settings.HOST` and `settings.host` are the same one. */
function spelled(table: Table): Table {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) => {
      const inner = isTable(value) ? spelled(value) : value;
      return [...new Set([key, key.toLowerCase(), key.toUpperCase()])].map((name) => [name, inner]);
    }),
  );
}
