/** Edits that mend a listener: the port from PORT, all interfaces, a handler of SIGTERM; with the imports they need. */
import type { Fix, TextEdit } from "../check/types.ts";
import type { Listener, Place } from "./facts.ts";
import { languageOf } from "./project.ts";

/** A literal port, alone or in an address, becomes an expression that reads PORT and keeps it as the default. */
export function portFix(l: Listener, text: string, goVersion: number | undefined): Fix | undefined {
  const file = l.place.file;
  const at = l.portPlace;
  const language = languageOf(file);
  if (language === "go") return goPort(l, text, goVersion);
  if (!at || at.file !== file || !l.portFix) return undefined;
  const edits: TextEdit[] = [{ ...at, newText: l.portFix }];
  if (language === "python") {
    const needed = pythonImport(file, text, "os");
    if (needed) edits.push(needed);
  }
  return { description: "Read the port from PORT", safe: true, edits };
}

/** Without any port given: one more argument. */
export function defaultPortFix(l: Listener, port: number, text: string): Fix | undefined {
  const file = l.place.file;
  if (languageOf(file) !== "python" || !/^(Flask|uvicorn|Sanic|Quart)$/.test(l.framework)) return undefined;
  const edit = argument(l.place, text, `port=int(os.environ.get("PORT", ${port}))`);
  if (!edit) return undefined;
  const needed = pythonImport(file, text, "os");
  return { description: "Read the port from PORT", safe: true, edits: needed ? [edit, needed] : [edit] };
}

/** A literal that names localhost, or a framework that takes it unless told. */
export function hostFix(l: Listener, host: string | undefined, at: Place | undefined, text: string): Fix | undefined {
  const description = "Listen on all interfaces";
  if (host !== undefined && at) {
    const written = text.slice(at.start, at.end);
    if (!/^(["'`])[^"'`]*\1$/.test(written)) return undefined;
    return { description, safe: true, edits: [{ ...at, newText: written.replace(host, "0.0.0.0") }] };
  }
  if (host !== undefined) return undefined;
  const file = l.place.file;
  const language = languageOf(file);
  if (language === "python" && /^(Flask|uvicorn|Sanic|Quart|Hypercorn|Bottle|aiohttp)$/.test(l.framework)) {
    const edit = argument(l.place, text, 'host="0.0.0.0"');
    return edit && { description, safe: true, edits: [edit] };
  }
  if (language === "javascript" && /Fastify/.test(l.framework)) {
    // `listen({ port })`: one more key of the object that is given first.
    const call = text.slice(l.place.start, l.place.end);
    const m = /^[\w$.()\s]*?\.listen\(\s*(\{[^{}]*\})/.exec(call);
    if (!m?.[1]) return undefined;
    const close = m.index + m[0].length - 1;
    const inner = m[1].slice(1, -1).trimEnd();
    const start = l.place.start + close - (m[1].length - 2 - inner.length);
    const comma = inner === "" ? " " : inner.endsWith(",") ? " " : ", ";
    const after = m[1].slice(1 + inner.length, -1) === "" ? " " : "";
    return {
      description,
      safe: true,
      edits: [{ file, start, end: start, newText: `${comma}host: "0.0.0.0"${after}` }],
    };
  }
  return undefined;
}

/** A handler where the server is started: what it should close is the program's own knowledge, so it is only offered. */
export function sigtermFix(l: Listener, text: string): Fix | undefined {
  const { file, start, end } = l.place;
  const description = "Handle SIGTERM";
  const line = text.lastIndexOf("\n", start) + 1;
  const before = text.slice(line, start);
  const language = languageOf(file);
  if (language === "javascript") {
    const rest = /^[ \t]*;?/.exec(text.slice(end))?.[0].length ?? 0;
    if (
      !/^[ \t]*(?:(?:const|let|var)\s+(\w+)\s*=\s*)?(?:await\s+)?$/.test(before) ||
      !/^\r?\n|^$/.test(text.slice(end + rest))
    )
      return undefined;
    if (!/^[\w$.()\s]*\.listen\(|^(await )?serve\(/.test(text.slice(start, end))) return undefined;
    const indent = /^[ \t]*/.exec(before)?.[0] ?? "";
    const named = /(?:const|let|var)\s+(\w+)/.exec(before)?.[1];
    const fastify = /Fastify|Nest/.test(l.framework);
    const server = fastify ? (/^(\w+)\.listen/.exec(text.slice(start, end))?.[1] ?? "app") : (named ?? "server");
    const handler = fastify
      ? `${indent}process.on("SIGTERM", () => ${server}.close().then(() => process.exit(0)));`
      : `${indent}process.on("SIGTERM", () => ${server}.close(() => process.exit(0)));`;
    const edits: TextEdit[] = [{ file, start: end + rest, end: end + rest, newText: `\n${handler}` }];
    if (!named && !fastify) {
      if (/await/.test(before)) return undefined;
      edits.push({ file, start, end: start, newText: "const server = " });
    }
    return { description, safe: false, edits };
  }
  if (language === "python") {
    const indent = /^[ \t]*$/.test(before) ? before : undefined;
    if (indent === undefined) return undefined;
    const edits: TextEdit[] = [
      { file, start: line, end: line, newText: `${indent}signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n` },
    ];
    const place = importPlace(text);
    const missing = ["signal", "sys"].filter((name) => !new RegExp(`^import ${name}\\b`, "m").test(text));
    if (missing.length)
      edits.push({ file, start: place, end: place, newText: missing.map((n) => `import ${n}\n`).join("") });
    return { description, safe: false, edits };
  }
  return undefined;
}

/** `":3000"`, `"0.0.0.0:3000"` in a call or a struct. */
function goPort(l: Listener, text: string, version: number | undefined): Fix | undefined {
  const { file } = l.place;
  const literal = l.port.length === 1 && l.port[0]?.kind === "literal" ? l.port[0] : undefined;
  if (!literal) return undefined;
  const at = literal.at?.file === file ? literal.at : within(l.place, text, String(literal.value));
  if (!at) return undefined;
  const written = text.slice(at.start, at.end);
  const m = /^"([^":]*):(\d+)"$/.exec(written);
  if (!m?.[2]) return undefined;
  const imports = ["os"];
  let read = `func() string {\n\t\tif port := os.Getenv("PORT"); port != "" {\n\t\t\treturn port\n\t\t}\n\t\treturn "${m[2]}"\n\t}()`;
  // cmp.Or came with Go 1.22.
  if (version !== undefined && version >= 22) {
    read = `cmp.Or(os.Getenv("PORT"), "${m[2]}")`;
    imports.unshift("cmp");
  }
  const needed = goImports(file, text, imports);
  if (!needed) return undefined;
  return {
    description: "Read the port from PORT",
    safe: true,
    edits: [{ ...at, newText: `"${m[1]}:" + ${read}` }, ...needed],
  };
}

/** The one string of the call that ends with this port. */
function within(place: Place, text: string, port: string): Place | undefined {
  const all = [...text.slice(place.start, place.end).matchAll(new RegExp(`"[^":]*:${port}"`, "g"))];
  const only = all.length === 1 ? all[0] : undefined;
  return only && { file: place.file, start: place.start + only.index, end: place.start + only.index + only[0].length };
}

/** Undefined where the file's imports are not understood. */
function goImports(file: string, text: string, names: readonly string[]): TextEdit[] | undefined {
  const missing = names.filter((name) => !new RegExp(`^[ \\t]*(?:import\\s+)?"${name}"`, "m").test(text));
  if (missing.length === 0) return [];
  if (missing.some((name) => new RegExp(`\\b${name}\\s*:?=|\\bvar ${name}\\b`).test(text))) return undefined;
  const block = /^import\s*\(\s*\n/m.exec(text);
  if (block) {
    const start = block.index + block[0].length;
    return [{ file, start, end: start, newText: missing.map((name) => `\t"${name}"\n`).join("") }];
  }
  const single = /^import\s+(?:\w+\s+)?"[^"]+"[ \t]*\r?\n/m.exec(text);
  const pkg = /^package\s+\w+[^\n]*\n/m.exec(text);
  const after = single ? single.index + single[0].length : pkg ? pkg.index + pkg[0].length : undefined;
  if (after === undefined) return undefined;
  return [{ file, start: after, end: after, newText: missing.map((name) => `import "${name}"\n`).join("") }];
}

function pythonImport(file: string, text: string, name: string): TextEdit | undefined {
  if (new RegExp(`^import (?:[\\w.]+(?: as \\w+)?, )*${name}\\b(?! as)`, "m").test(text)) return undefined;
  const start = importPlace(text);
  return { file, start, end: start, newText: `import ${name}\n` };
}

/** Before the first import; after `from __future__`, which must come first. */
function importPlace(text: string): number {
  const future = [...text.matchAll(/^from __future__ import [^\n]*\n/gm)].at(-1);
  if (future) return future.index + future[0].length;
  const first = /^(?:import|from)\s+\S/m.exec(text);
  return first ? first.index : 0;
}

/** One more keyword argument at the end of a call. */
function argument({ file, start, end }: Place, text: string, added: string): TextEdit | undefined {
  const call = text.slice(start, end);
  if (!call.endsWith(")")) return undefined;
  const body = call.slice(0, -1).trimEnd();
  if (/#[^\n]*$/.test(body)) return undefined;
  const at = start + body.length;
  const separator = body.endsWith("(") ? "" : body.endsWith(",") ? " " : ", ";
  return { file, start: at, end: at, newText: separator + added };
}
