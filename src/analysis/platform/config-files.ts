/** Limits, stores and projects that configuration files name: Spring, Quarkus, Micronaut, gunicorn, puma, nginx, uWSGI. */

import type { FactSink } from "../collect.ts";
import { type Properties, type Property, readProperties, readYaml } from "../config/properties.ts";
import { emptyReach, type OtherFact, type StateUse } from "../facts.ts";
import { leftOut } from "../project.ts";
import { durationText } from "./durations.ts";
import { placeOfText } from "./places.ts";
import { isProject } from "./projects.ts";

interface Key {
  key: RegExp;
  kind: "keep-alive" | "drain";
  /** Milliseconds of a bare number. */
  unit: number;
}

const KEYS: readonly Key[] = [
  {
    key: /^server\.(tomcat\.keep-alive-timeout|jetty\.connection-idle-timeout|netty\.idle-timeout|undertow\.no-request-timeout)$/,
    kind: "keep-alive",
    unit: 1,
  },
  { key: /^(quarkus\.http|micronaut\.server)\.idle-timeout$/, kind: "keep-alive", unit: 1000 },
  { key: /^spring\.lifecycle\.timeout-per-shutdown-phase$/, kind: "drain", unit: 1 },
  { key: /^quarkus\.shutdown\.(timeout|delay)$/, kind: "drain", unit: 1000 },
  { key: /^server\.shutdownGracePeriod$/, kind: "drain", unit: 1000 },
  { key: /^ktor\.deployment\.(shutdownTimeout|shutdownGracePeriod)$/, kind: "drain", unit: 1 },
];

const URLS =
  /^(spring\.datasource(\.hikari)?\.(url|jdbc-url)|quarkus\.datasource\.jdbc\.url|datasources\.default\.url|database\.url)$/;
const PROJECTS = /^(spring\.cloud\.gcp(\.\w+)?\.project-id|quarkus\.google\.cloud\.project-id|gcp\.project-id)$/;

export function configFileFacts(
  texts: ReadonlyMap<string, string>,
  imageEnv: Readonly<Record<string, string>>,
  sink: FactSink,
): void {
  const profiles = (imageEnv["SPRING_PROFILES_ACTIVE"] ?? "").split(",");
  for (const [path, text] of texts) {
    if (leftOut(path)) continue;
    const spring = /(^|\/)(application|bootstrap)(?:-([\w-]+))?\.(properties|ya?ml)$/.exec(path);
    if (spring) {
      const profile = spring[3];
      if (profile && !/^prod(uction)?$/.test(profile) && !profiles.includes(profile)) continue;
      const all = spring[4] === "properties" ? [readProperties(path, text)] : readYaml(path, text);
      for (const p of all) properties(p, sink);
      continue;
    }
    const name = path.slice(path.lastIndexOf("/") + 1);
    for (const line of LINES) if (line.file.test(path) || line.file.test(name)) lines(path, text, line, sink);
    if (/\.ini$/.test(name) && /^[ \t]*\[uwsgi\]/m.test(text)) uwsgi(path, text, sink);
    if (/^appsettings(\.Production)?\.json$/.test(name)) kestrelLimit(path, text, sink);
  }
}

function other(
  kind: OtherFact["kind"],
  what: string,
  value: number,
  p: Property["place"],
  evidence: string,
): OtherFact {
  return { kind, what, value, place: p, reach: emptyReach(), evidence: [evidence.trim().slice(0, 120)] };
}

function properties(all: Properties, sink: FactSink): void {
  // A document that belongs to a profile which nothing switches on.
  const own = all.get("spring.config.activate.on-profile")?.value ?? all.get("spring.profiles")?.value;
  if (own && !/prod/.test(own)) return;
  for (const [raw, p] of all) {
    if (/^"?%(?!prod)/.test(raw)) continue;
    const key = raw.replace(/^"?%prod"?\./, "").replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    const plain = raw.replace(/^"?%prod"?\./, "");
    const value = p.value.replace(/^\$\{\w[\w.]*:(.*)\}$/, "$1").replace(/^["']|["']$/g, "");
    const state = (kind: StateUse["kind"], what: string): void => {
      const option = /^\$\{(\w+)/.exec(p.value)?.[1];
      sink.state.push({
        kind,
        what,
        place: p.place,
        reach: emptyReach(),
        evidence: [`${raw}: ${p.value}`.slice(0, 120)],
        ...(option ? { option } : {}),
      });
    };
    for (const k of KEYS) {
      if (!k.key.test(key) && !k.key.test(plain)) continue;
      const ms = durationText(value, k.unit);
      if (ms !== undefined) sink.others.push(other(k.kind, plain, ms, p.place, `${raw}: ${p.value}`));
    }
    if (URLS.test(key) && /^jdbc:(sqlite|h2:(?!mem|tcp|ssl)|hsqldb:file|derby:(?!\/\/|memory)|duckdb)/.test(value)) {
      const where = placeOfText(value);
      if (where.kind === "local") state("database", "an embedded database's file");
    }
    if (/^server\.servlet\.session\.persistent$/.test(key) && value === "true") state("session", "sessions in files");
    if (/^spring\.session\.store-type$/.test(key) && /^(none|hash_map|map)$/i.test(value))
      state("session", "sessions in memory");
    if (
      /^micronaut\.session\.http\.enabled$/.test(key) &&
      value === "true" &&
      ![...all.keys()].some((k) => /session\.http\.redis/.test(k))
    )
      state("session", "Micronaut's sessions in memory");
    if (/^spring\.cache\.type$/.test(key) && /^(simple|caffeine)$/i.test(value))
      state("cache", `the ${value} cache in memory`);
    if (PROJECTS.test(key) && isProject(value) && !/^\$\{/.test(p.value))
      sink.others.push({
        kind: "project",
        what: `the project ${value}`,
        value,
        place: p.place,
        reach: emptyReach(),
        evidence: [`${raw}: ${p.value}`.slice(0, 120)],
      });
  }
}

interface Line {
  file: RegExp;
  pattern: RegExp;
  kind: "keep-alive" | "drain";
  what: string;
  unit: number;
}

const GUNICORN = /(^|\/)gunicorn(\.conf|_conf|_config|\.config)?\.py$/;
const PUMA = /(^|\/)puma(\/production)?\.rb$/;
const HYPERCORN = /(^|\/)hypercorn\.(toml|conf\.py)$/;

/** Settings of one line each: `name = 5`, `name 5;`. */
const LINES: readonly Line[] = [
  {
    file: GUNICORN,
    pattern: /^keepalive\s*=\s*([\d_]+)\s*(?:#.*)?$/gm,
    kind: "keep-alive",
    what: "gunicorn's keepalive",
    unit: 1000,
  },
  {
    file: GUNICORN,
    pattern: /^graceful_timeout\s*=\s*([\d_]+)\s*(?:#.*)?$/gm,
    kind: "drain",
    what: "gunicorn's graceful_timeout",
    unit: 1000,
  },
  {
    file: HYPERCORN,
    pattern: /^keep_alive_timeout\s*=\s*(\d+)/gm,
    kind: "keep-alive",
    what: "hypercorn's keep_alive_timeout",
    unit: 1000,
  },
  {
    file: HYPERCORN,
    pattern: /^graceful_timeout\s*=\s*(\d+)/gm,
    kind: "drain",
    what: "hypercorn's graceful_timeout",
    unit: 1000,
  },
  {
    file: PUMA,
    pattern: /^[ \t]*persistent_timeout[\s(]+(\d+)/gm,
    kind: "keep-alive",
    what: "puma's persistent_timeout",
    unit: 1000,
  },
  {
    file: PUMA,
    pattern: /^[ \t]*(?:worker_shutdown_timeout|force_shutdown_after)[\s(]+(\d+)/gm,
    kind: "drain",
    what: "puma's shutdown timeout",
    unit: 1000,
  },
  {
    file: /\.conf$|nginx/i,
    pattern: /^[ \t]*keepalive_timeout\s+(\d+m?s?)\b[^;]*;/gm,
    kind: "keep-alive",
    what: "nginx's keepalive_timeout",
    unit: 1000,
  },
  {
    file: /(httpd|apache2?|ports|000-default|site)[^/]*\.conf$/i,
    pattern: /^[ \t]*KeepAliveTimeout\s+(\d+(?:ms)?)\s*$/gim,
    kind: "keep-alive",
    what: "Apache's KeepAliveTimeout",
    unit: 1000,
  },
];

function lines(path: string, text: string, line: Line, sink: FactSink): void {
  for (const m of text.matchAll(line.pattern)) {
    const value = durationText((m[1] as string).replaceAll("_", ""), line.unit);
    if (value === undefined || value === 0) continue;
    const start = m.index + (m[0].length - m[0].trimStart().length);
    sink.others.push(other(line.kind, line.what, value, { file: path, start, end: m.index + m[0].length }, m[0]));
  }
}

/** Programs that uWSGI runs beside the application. */
function uwsgi(path: string, text: string, sink: FactSink): void {
  for (const m of text.matchAll(
    /^[ \t]*((?:smart-)?attach-daemon2?|cron2?|mule|timer|rbtimer|spooler)\s*=\s*([^\n]+)/gm,
  ))
    sink.background.push({
      what: `uWSGI's ${m[1]}`,
      kind: /daemon|mule|spooler/.test(m[1] as string) ? "queue" : "scheduler",
      place: { file: path, start: m.index, end: m.index + m[0].length },
      reach: emptyReach(),
      evidence: [m[0].trim().slice(0, 100)],
    });
}

/** `"KeepAliveTimeout": "00:00:30"`. */
function kestrelLimit(path: string, text: string, sink: FactSink): void {
  const m = /"KeepAliveTimeout"\s*:\s*"(?:(\d+)\.)?(\d+):(\d+):(\d+)"/.exec(text);
  if (!m) return;
  const seconds = Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4]);
  sink.others.push(
    other(
      "keep-alive",
      "Kestrel's KeepAliveTimeout",
      seconds * 1000,
      { file: path, start: m.index, end: m.index + m[0].length },
      m[0],
    ),
  );
}
