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

const known = new WeakMap<Source, Map<string, ReadonlySet<string> | undefined>>();

/**
 * @param packages the requests for each
 * @returns those that no code asks for; none where one of them is declared: then it is not these that are asked about
 */
export function writtenOnly(source: Source, packages: ReadonlyMap<string, readonly Request[]>): string[] {
  const manifest = (source.readJson("package.json") ?? {}) as Record<string, object | undefined>;
  const names = [...packages.keys()];
  if (names.some((name) => DECLARED.some((field) => Object.hasOwn(manifest[field] ?? {}, name)))) return [];
  const files = known.get(source) ?? new Map<string, ReadonlySet<string> | undefined>();
  known.set(source, files);
  const asks = ({ file, specifier }: Request) => {
    if (!files.has(file)) files.set(file, askedIn(file, source.read(file) ?? ""));
    return files.get(file)?.has(specifier) ?? true;
  };
  return names.filter((name) => !packages.get(name)?.some(asks));
}

/** What its statements and calls ask for; undefined: nobody knows. */
function askedIn(file: string, text: string): ReadonlySet<string> | undefined {
  const parsed = text.includes("`") ? tryParseScript(file, text) : undefined;
  if (parsed?.errors.length !== 0) return undefined;
  const found = new Set<string>();
  const waiting = [parsed.program as unknown as Node];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // `import a = require("a")` has an expression.
    const asked =
      node.type === "CallExpression"
        ? (node["arguments"] as Node[])[0]
        : (node[node.type === "TSExternalModuleReference" ? "expression" : "source"] as Node | null | undefined);
    const specifier = asked ? textOf(asked) : undefined;
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
