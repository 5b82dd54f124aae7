/** Imports that only stand in a text: what a generator writes into the files that it makes. */
import { tryParseScript } from "../base/ecmascript.ts";
import type { Source } from "./open.ts";
import { childrenOf, type Node } from "./syntax-nodes.ts";

/** The fields of package.json that name packages. */
const DECLARED = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

export interface Request {
  /** Relative to the source's root. */
  file: string;
  specifier: string;
}

/** @returns whether the code itself makes one of the requests, which all are for the package; of a declared package always */
export function createAsks(source: Source): (name: string, requests: readonly Request[]) => boolean {
  const manifest = (source.readJson("package.json") ?? {}) as Record<string, object | undefined>;
  const known = new Map<string, ReadonlySet<string> | undefined>();
  const askedBy = (file: string) => {
    if (!known.has(file)) known.set(file, askedIn(file, source.read(file) ?? ""));
    return known.get(file);
  };
  return (name, requests) =>
    DECLARED.some((field) => Object.hasOwn(manifest[field] ?? {}, name)) ||
    requests.some(({ file, specifier }) => askedBy(file)?.has(specifier) ?? true);
}

/** What its statements and calls ask for; undefined: nobody knows. */
function askedIn(file: string, text: string): ReadonlySet<string> | undefined {
  const parsed = text.includes("`") ? tryParseScript(file, text) : undefined;
  if (parsed?.errors.length !== 0) return undefined;
  const found = new Set<string>();
  const waiting = [parsed.program as unknown as Node];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const asked = node["source"] ?? (node.type === "CallExpression" ? (node["arguments"] as Node[])[0] : undefined);
    const specifier = asked && textOf(asked as Node);
    if (specifier !== undefined) found.add(specifier);
    waiting.push(...childrenOf(node));
  }
  return found;
}

function textOf(node: Node): string | undefined {
  if (node.type !== "TemplateLiteral") return typeof node["value"] === "string" ? node["value"] : undefined;
  const [first, second] = node["quasis"] as Node[];
  return second ? undefined : (first?.["value"] as { cooked?: string } | undefined)?.cooked;
}
