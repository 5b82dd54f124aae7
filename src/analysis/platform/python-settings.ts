/** Settings that Python's frameworks read by name: Flask's config, Django's settings module. */
import { type FactSink, place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { emptyReach, type StateUse } from "../facts.ts";
import type { Expr } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { alternatives, textOf, type Value } from "../values.ts";
import { placeOf } from "./places.ts";

const NAMES =
  /\b(SESSION_TYPE|SQLALCHEMY_DATABASE_URI|SESSION_ENGINE|DATABASES|CACHES|CHANNEL_LAYERS|CACHE_TYPE|SESSION_FILE_DIR)\b/;

export function pythonSettings(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!NAMES.test(module.text)) return;
  const found = (name: string | undefined, value: Expr | undefined, scope: Scope): void => {
    if (!name || !value || !NAMES.test(name)) return;
    const use = judge(name, value, scope, module, evaluator);
    if (use) sink.state.push(use);
  };
  for (const [name, b] of module.scope.names) if (b.sources.length === 1) found(name, b.sources[0]?.expr, module.scope);
  for (const { class: cls, inner } of module.classes)
    if (!/dev|test|local/i.test(cls.name ?? "")) for (const m of cls.members) found(m.name, m.value, inner);
  for (const a of module.assigns)
    if (a.target.kind === "index" && /config\s*\[/.test(module.text.slice(a.target.start, a.target.end)))
      found(textOf(evaluator.query(a.target.index, a.scope)), a.value, a.scope);
  for (const { call, scope } of module.calls)
    if (call.callee.kind === "member" && /^(update|from_mapping)$/.test(call.callee.property))
      for (const a of call.args) {
        if (a.name) found(a.name, a.value, scope);
        else if (a.value.kind === "object") for (const e of a.value.entries) found(e.key, e.value, scope);
      }
}

function judge(
  name: string,
  value: Expr,
  scope: Scope,
  module: SourceModule,
  evaluator: Evaluator,
): StateUse | undefined {
  const base = { place: place(module, value), reach: emptyReach(), evidence: [`${name} = ${quote(module, value)}`] };
  const values = alternatives(evaluator.query(value, scope));
  const text = values.length === 1 ? textOf(values[0]) : undefined;
  const written = module.text.slice(value.start, value.end);
  switch (name) {
    case "SESSION_TYPE":
      if (text === "filesystem") return { what: "Flask-Session's files", kind: "session", ...base };
      return undefined;
    case "SESSION_ENGINE":
      if (text === "django.contrib.sessions.backends.file")
        return { what: "Django's sessions in files", kind: "session", ...base };
      return undefined;
    case "CACHE_TYPE":
      if (text && /^(simple|SimpleCache|flask_caching\.backends\.SimpleCache)$/.test(text))
        return { what: "Flask-Caching's SimpleCache", kind: "cache", ...base };
      if (text && /filesystem/i.test(text)) return { what: "Flask-Caching's files", kind: "file", ...base };
      return undefined;
    case "SQLALCHEMY_DATABASE_URI": {
      const head = values.length === 1 ? headOf(values[0]) : undefined;
      if (!/^sqlite/.test(text ?? head ?? "")) return undefined;
      const where = placeOf(values[0] as Value, evaluator);
      if (where.kind !== "local" && where.kind !== "temporary") return undefined;
      return {
        what: "an SQLite file",
        kind: "database",
        ...(where.kind === "temporary" ? { temporary: true } : {}),
        ...(where.option ? { option: where.option } : {}),
        ...base,
      };
    }
    case "DATABASES": {
      if (value.kind !== "object") return undefined;
      const main = value.entries.find((e) => e.key === "default")?.value;
      if (main?.kind !== "object") return undefined;
      const engine = main.entries.find((e) => e.key === "ENGINE")?.value;
      if (!engine || textOf(evaluator.query(engine, scope)) !== "django.db.backends.sqlite3") return undefined;
      // Another database is put there afterwards.
      if (
        /dj_database_url|DATABASES\s*\[|DATABASES\.update|env\.db\(|DATABASES\s*=[\s\S]+\n\s*DATABASES\s*=/.test(
          module.text,
        )
      )
        return undefined;
      const file = main.entries.find((e) => e.key === "NAME")?.value;
      const where = file ? placeOf(evaluator.query(file, scope), evaluator) : undefined;
      if (where?.kind === "elsewhere") return undefined;
      return { what: "Django's SQLite file", kind: "database", ...base, place: place(module, engine) };
    }
    case "CACHES":
      if (/LocMemCache/.test(written)) return { what: "Django's LocMemCache", kind: "cache", ...base };
      if (/FileBasedCache/.test(written) && !/["']\/tmp/.test(written))
        return { what: "Django's cache in files", kind: "file", ...base };
      return undefined;
    case "CHANNEL_LAYERS":
      return /InMemoryChannelLayer/.test(written)
        ? { what: "Django Channels' layer in memory", kind: "session", ...base }
        : undefined;
    default:
      return undefined;
  }
}

/** The beginning of a text, also of what stands in for an unset variable. */
function headOf(v: Value | undefined): string | undefined {
  if (v?.t === "env" || v?.t === "option") return headOf(v.default);
  return v?.t === "text" ? textOf(v.parts[0]) : textOf(v);
}
