/** Configuration files as flat keys with the place of each. */
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "../../base/yaml.ts";
import { type FactValue, literalFact, type Place } from "../facts.ts";

export interface Property {
  value: string;
  place: Place;
}

/** One file (or one document of it): keys such as `server.port`. */
export type Properties = Map<string, Property>;

export function readProperties(file: string, text: string): Properties {
  const out: Properties = new Map();
  let offset = 0;
  for (const line of text.split("\n")) {
    const m = /^\s*([^#!=:\s][^=:\s]*)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (m?.[1]) out.set(m[1], { value: m[2] ?? "", place: { file, start: offset, end: offset + line.length } });
    offset += line.length + 1;
  }
  return out;
}

/** The documents of a YAML file; a broken one gives none. */
export function readYaml(file: string, text: string): Properties[] {
  const counter = new LineCounter();
  let documents: ReturnType<typeof parseAllDocuments>;
  // Every fault of a text is an Error, and nobody asks where in the parser it was made.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    // To tell where each error is takes as long again as the text before it.
    const options = { lineCounter: counter, logLevel: "silent", uniqueKeys: false, prettyErrors: false } as const;
    documents = parseAllDocuments(text, options);
  } catch {
    return [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const out: Properties[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const flat: Properties = new Map();
    flatten(document.contents, "", flat, file, 0);
    out.push(flat);
  }
  return out;
}

function flatten(node: unknown, prefix: string, out: Properties, file: string, depth: number): void {
  if (depth > 12) return;
  if (isMap(node)) {
    for (const item of node.items) {
      const key = isScalar(item.key) ? String(item.key.value) : "";
      flatten(item.value, prefix ? `${prefix}.${key}` : key, out, file, depth + 1);
    }
  } else if (isSeq(node)) {
    node.items.slice(0, 50).forEach((item, i) => {
      flatten(item, `${prefix}[${i}]`, out, file, depth + 1);
    });
  } else if (isScalar(node)) {
    const [start, , end] = node.range ?? [0, 0, 0];
    out.set(prefix, {
      value: node.value === null ? "" : String(node.value),
      place: { file, start, end: Math.max(end, start) },
    });
  }
}

/** `${NAME:default}`, `${?NAME}`, a literal: what a property can be. */
export function propertyValue(p: Property): FactValue[] {
  return placeholder(p.value, p.place, 0);
}

function placeholder(text: string, place: Place, depth: number): FactValue[] {
  const trimmed = text.trim();
  const m = /^[$#]\{\??([A-Za-z_][\w.-]*)(?::(.*))?\}$/s.exec(trimmed);
  if (m?.[1] && depth < 5) {
    const fallback = m[2] === undefined ? undefined : placeholder(m[2], place, depth + 1);
    // `${port}` is the variable PORT too, by relaxed binding.
    const variable = m[1] === "port" ? "PORT" : m[1];
    if (/^[A-Z][A-Z0-9_]*$/.test(variable)) return [{ kind: "env", name: variable, ...(fallback ? { fallback } : {}) }];
    // `${server.port}` and its kin: relaxed binding makes it a variable of another name.
    return [{ kind: "option", name: m[1], ...(fallback ? { fallback } : {}) }];
  }
  if (/[$@#]\{?/.test(trimmed) && /[{@]/.test(trimmed)) return [{ kind: "unknown" }];
  return [{ ...literalFact(trimmed), at: place }];
}
