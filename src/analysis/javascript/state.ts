/** State kept where an instance loses it: local files, the process's memory. */
import { place, type Visit } from "../collect.ts";
import type { StateUse } from "../facts.ts";
import { alternatives, textOf, type Value } from "../values.ts";
import { inHandler } from "./needs.ts";

export const STATE_METHODS = new Set([
  "Database",
  "DatabaseSync",
  "open",
  "diskStorage",
  "session",
  "express-session",
  "multer",
  "Sequelize",
  "DataSource",
  "knex",
  "better-sqlite3",
  "FileStore",
  "writeFile",
  "writeFileSync",
  "appendFile",
  "appendFileSync",
  "createWriteStream",
  "Low",
  "LowSync",
  "NodeCache",
  "node-cache",
  "default",
  "rateLimit",
  "express-rate-limit",
]);

export function stateOf(visit: Visit): StateUse | undefined {
  const { view, module, site } = visit;
  const base = { place: place(module, site.call), reach: visit.reach() };
  if (
    /^(sqlite3(\.verbose\(\)|\.default)?\.(Database|cached\.Database)|better-sqlite3(\.default)?|node:?sqlite\.DatabaseSync|sqlite\.(DatabaseSync|open)|bun:sqlite\.Database)$/.test(
      view.path,
    )
  ) {
    const file = view.path === "sqlite.open" ? view.option(0, "filename") : view.arg(0);
    const text = textOf(file);
    if (text === ":memory:" || text === "" || file.t === "absent") return undefined;
    const readonly = view.option(1, "readonly");
    if (readonly.t === "literal" && readonly.value === true) return undefined;
    return { what: "an SQLite file", kind: "database", temporary: isTemporary(file), ...base };
  }
  if (/^multer(\.default)?\.diskStorage$/.test(view.path))
    return {
      what: "multer's disk storage",
      kind: "file",
      temporary: isTemporary(view.option(0, "destination")),
      ...base,
    };
  if (/^multer(\.default)?$/.test(view.path)) {
    const dest = view.option(0, "dest");
    if (textOf(dest) !== undefined)
      return { what: `uploads in ${textOf(dest)}`, kind: "file", temporary: isTemporary(dest), ...base };
    return undefined;
  }
  if (/^session-file-store\(\)$/.test(view.path)) return { what: "session-file-store", kind: "session", ...base };
  if (/^express-session(\.default)?$/.test(view.path)) {
    const store = view.option(0, "store");
    if (view.arg(0).t !== "object" || store.t !== "absent") {
      if (!alternatives(store).some((v) => v.t === "ref" && /MemoryStore|memorystore/.test(v.path))) return undefined;
    }
    return { what: "express-session's MemoryStore", kind: "session", ...base };
  }
  if (
    /^(fs|fs-extra|fs\/promises|fs\.promises)(\.default)?\.(promises\.)?(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream)$/.test(
      view.path,
    )
  ) {
    if (!inHandler(site.scope)) return undefined;
    return { what: `${view.path} in a handler`, kind: "file", temporary: isTemporary(view.arg(0)), ...base };
  }
  return undefined;
}

function isTemporary(v: Value): boolean {
  return alternatives(v).some((x) => {
    if (x.t === "text") return x.parts.some(isTemporary);
    if (x.t === "ref")
      return (
        /tmpdir|tmp\.|temp/i.test(x.path) ||
        (x.call?.call.args.some((a) => /tmp/i.test(x.call?.scope.file.text.slice(a.value.start, a.value.end) ?? "")) ??
          false)
      );
    return x.t === "literal" && typeof x.value === "string" && /^\/(tmp|var\/tmp|dev\/shm)\b/.test(x.value);
  });
}
