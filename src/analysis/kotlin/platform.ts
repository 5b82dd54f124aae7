/** Kotlin: work, state, limits, addresses and variables, read from the calls that mean them. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, type OtherFact, type Place } from "../facts.ts";
import { required } from "../needs.ts";
import { foreignName } from "../platform/architecture.ts";
import { placeOfText } from "../platform/places.ts";
import { isProject, resourceProject } from "../platform/projects.ts";
import { followAlone } from "./follow.ts";
import { argumentsAt } from "./text.ts";

interface File {
  path: string;
  text: string;
  sink: FactSink;
}

export function kotlinPlatform(path: string, text: string, sink: FactSink): void {
  const file: File = { path, text, sink };
  work(file);
  state(file);
  collections(file);
  limits(file);
  addresses(file);
  variables(file);
}

function at({ path, text }: File, start: number, length: number): { place: Place; evidence: string[] } {
  const end = Math.min(text.length, start + Math.max(length, 1));
  return {
    place: { file: path, start, end },
    evidence: [
      text
        .slice(start, start + 100)
        .split("\n")[0]
        ?.trim() ?? "",
    ],
  };
}

/** What each brace around a place was opened by, innermost first: the text between it and the statement before. */
function openers(whole: string, place: number): string[] {
  const text = masked(whole);
  const out: string[] = [];
  let depth = 0;
  for (let i = place - 1; i >= 0 && out.length < 12; i--) {
    const c = text[i];
    if (c === "}") depth++;
    else if (c === "{") {
      if (depth > 0) depth--;
      else {
        const head = text.slice(Math.max(0, i - 400), i);
        const cut = Math.max(head.lastIndexOf("}"), head.lastIndexOf("{"), head.lastIndexOf(";"));
        out.push(head.slice(cut + 1).trim());
      }
    }
  }
  return out;
}

let lastText = "";
let lastMasked = "";

/** Braces in strings (`"/users/{id}"`) open nothing. */
function masked(text: string): string {
  if (text !== lastText) {
    lastText = text;
    lastMasked = text.replace(/"(?:[^"\\\n]|\\.)*"/g, (m) => m.replace(/[{};]/g, "_"));
  }
  return lastMasked;
}

const ROUTE = /\b(get|post|put|patch|delete|route|handle|to|bind)\s*(<[^>]*>)?\s*\(\s*("[^"]*")?\s*\)?[^{]*$/;
const MAPPED =
  /@(Get|Post|Put|Patch|Delete|Request)(Mapping)?\b[\s\S]*fun\b|@(GET|POST|PUT|DELETE|PATCH)\b[\s\S]*fun\b|fun\s+\w+\([^)]*\b(Context|ServerRequest|HttpExchange|ApplicationCall|HttpServletRequest)\b/;

function inRequest(text: string, place: number): boolean {
  return openers(text, place).some((o) => ROUTE.test(o.split("\n").at(-1) ?? "") || MAPPED.test(o));
}

const WORK: readonly [RegExp, string, "timer" | "scheduler" | "queue" | "thread"][] = [
  [/@(Scheduled|KafkaListener|RabbitListener|JmsListener|SqsListener)\b/g, "", "scheduler"],
  [/\b(fixedRateTimer|timer)\s*\((?=[^)]*period)/g, "a timer", "timer"],
  [/\.(scheduleAtFixedRate|scheduleWithFixedDelay)\s*\(/g, "a scheduled executor", "scheduler"],
  [/\bStdSchedulerFactory\b(?=[^\n]*(?:getDefaultScheduler|\(\)|\.scheduler))/g, "Quartz", "scheduler"],
  [/\bJobRunr\s*\.\s*configure\b/g, "JobRunr", "scheduler"],
  [/\.setPeriodic\s*\(/g, "Vert.x's setPeriodic", "timer"],
];

function work(f: File): void {
  const { text, sink } = f;
  for (const [pattern, what, kind] of WORK)
    for (const m of text.matchAll(pattern)) {
      if (/^import\b/.test(text.slice(text.lastIndexOf("\n", m.index) + 1))) continue;
      if (kind !== "scheduler" && inRequest(text, m.index)) continue;
      sink.background.push({ what: what || m[0], kind, reach: emptyReach(), ...at(f, m.index, m[0].length) });
    }
  for (const m of text.matchAll(
    /\b(?:GlobalScope|CoroutineScope\s*\([^)]*\)|\w*[sS]cope|application|this@\w+)?\s*\.?\blaunch\s*(?:\([^)]*\)\s*)?\{/g,
  )) {
    const body = block(text, m.index + m[0].length);
    const detached = /GlobalScope|CoroutineScope\s*\(|application/.test(m[0]);
    const request = inRequest(text, m.index);
    if (request ? detached && !/\.join\(\)/.test(text.slice(m.index, m.index + body.length + 60)) : false)
      sink.background.push({
        what: "a coroutine that outlives its request",
        kind: "after-response",
        reach: emptyReach(),
        ...at(f, m.index + (m[0].length - m[0].trimStart().length), m[0].trim().length),
      });
    else if (
      !request &&
      /\bwhile\s*\(\s*(true|isActive|!\w+)\s*\)[\s\S]*\bdelay\s*\(/.test(body) &&
      !/webSocket|incoming/.test(openers(text, m.index).join(" "))
    )
      sink.background.push({
        what: "a coroutine that loops and waits",
        kind: "thread",
        reach: emptyReach(),
        ...at(f, m.index + (m[0].length - m[0].trimStart().length), m[0].trim().length),
      });
  }
}

function block(text: string, open: number): string {
  let depth = 1;
  for (let i = open; i < Math.min(text.length, open + 4000); i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(open, i);
  }
  return text.slice(open, open + 4000);
}

function literalOf(values: readonly FactValue[]): string | undefined {
  const v = values.length === 1 ? values[0] : undefined;
  return v?.kind === "literal" && v.value !== null ? String(v.value) : undefined;
}

function argument({ text }: File, open: number, index: number, name?: string): string | undefined {
  const args = argumentsAt(text, open);
  const found =
    args.find((a) => name !== undefined && a.name === name) ?? args.filter((a) => a.name === undefined)[index];
  return found && literalOf(followAlone(found.text, text));
}

const EMBEDDED = /^jdbc:(sqlite|h2:(?!mem|tcp|ssl)|hsqldb:file|derby:(?!\/\/|memory)|duckdb)/;
const SESSIONS: readonly [RegExp, string][] = [
  [/\bSessionStorageMemory\s*\(/g, "Ktor's SessionStorageMemory"],
  [/\bdirectorySessionStorage\s*\(/g, "Ktor's sessions in files"],
  [/\bMapSessionRepository\s*\(/g, "MapSessionRepository"],
  [/\bLocalSessionStore\s*\.\s*create\s*\(/g, "Vert.x's LocalSessionStore"],
  [
    /\bsession\s*\.\s*setAttribute\s*\(|\bsession\s*\[\s*"[^"]+"\s*\]\s*=(?!=)/g,
    "the servlet container's sessions in memory",
  ],
  [/\.sessionAttribute\s*\(\s*"[^"]*"\s*,/g, "Jetty's sessions in memory"],
  [/@Session(Scope|Attributes)\b/g, "the servlet container's sessions in memory"],
];
const CACHES: readonly [RegExp, string][] = [
  [
    /\bCaffeine\s*\.\s*newBuilder\s*\(|\bCacheBuilder\s*\.\s*newBuilder\s*\(|\bConcurrentMapCacheManager\s*\(|\bCache\s*\.\s*Builder\b/g,
    "a cache in memory",
  ],
];

function state(f: File): void {
  const { text, sink } = f;
  for (const m of text.matchAll(
    /\b(Database\s*\.\s*connect|DriverManager\s*\.\s*getConnection|JdbcSqliteDriver|JdbcSqliteConnection)\s*\(/g,
  )) {
    const url = argument(f, m.index + m[0].length, 0, "url");
    if (url && EMBEDDED.test(url) && placeOfText(url).kind === "local")
      sink.state.push({
        what: "an embedded database's file",
        kind: "database",
        reach: emptyReach(),
        ...at(f, m.index, m[0].length),
      });
  }
  for (const m of text.matchAll(/\b(?:jdbcUrl|url)\s*=\s*("jdbc:[^"]*")/g)) {
    const url = (m[1] as string).slice(1, -1);
    if (EMBEDDED.test(url) && placeOfText(url).kind === "local")
      sink.state.push({
        what: "an embedded database's file",
        kind: "database",
        reach: emptyReach(),
        ...at(f, m.index, m[0].length),
      });
  }
  for (const m of text.matchAll(/\bDBMaker\s*\.\s*fileDB\s*\(/g)) {
    const file = argument(f, m.index + m[0].length, 0);
    if (file && placeOfText(file).kind === "local")
      sink.state.push({ what: "a MapDB file", kind: "database", reach: emptyReach(), ...at(f, m.index, m[0].length) });
  }
  for (const m of text.matchAll(
    /\b(?:File|Path|Paths\.get|Path\.of)\s*\(\s*"([^"]*)"[^\n]*?\)\s*\.\s*(?:writeText|appendText|writeBytes|appendBytes|outputStream|bufferedWriter|printWriter|writer|writeChannel|createNewFile|writeLines|toFile\(\)\.writeText)\b/g,
  ))
    file(f, m.index, m[0].length, m[1] as string);
  for (const m of text.matchAll(
    /\b(?:FileWriter|FileOutputStream|transferTo|Files\s*\.\s*(?:write|writeString|newBufferedWriter))\s*\(\s*(?:(?:File|Path\.of|Paths\.get|Path)\s*\(\s*)?"([^"]*)"/g,
  ))
    file(f, m.index, m[0].length, m[1] as string);
  for (const [list, kind] of [
    [SESSIONS, "session"],
    [CACHES, "cache"],
  ] as const)
    for (const [pattern, what] of list)
      for (const m of text.matchAll(pattern)) {
        if (/setAttribute|session\s*\[/.test(m[0]) && !/HttpSession/.test(text)) continue;
        sink.state.push({ what, kind, reach: emptyReach(), ...at(f, m.index, m[0].length) });
      }
}

function file(f: File, start: number, length: number, path: string): void {
  if (!inRequest(f.text, start)) return;
  const where = placeOfText(path, path.includes("$"));
  if (where.kind !== "local" && where.kind !== "temporary") return;
  f.sink.state.push({
    what: "a file that a request writes",
    kind: "file",
    reach: emptyReach(),
    ...(where.kind === "temporary" ? { temporary: true } : {}),
    ...at(f, start, length),
  });
}

/** `val todos = mutableListOf<Todo>()` at the top or in a controller, changed by a request. */
function collections(f: File): void {
  const { text, sink } = f;
  for (const m of text.matchAll(
    /^[ \t]*(?:private\s+|internal\s+)?va[lr]\s+(\w+)\s{0,40}(?::[\w<>,\s?]{1,200})?=\s*(?:mutable(?:List|Map|Set)Of|(?:java\.util\.concurrent\.)?(?:ConcurrentHashMap|CopyOnWriteArrayList|ArrayList|HashMap)|Collections\.synchronized\w+)\b/gm,
  )) {
    const around = openers(text, m.index);
    const top = around.length === 0;
    const controller =
      around.length === 1 &&
      /@(RestController|Controller|Service|Singleton|ApplicationScoped|Path)\b|\bobject\s+\w+/.test(
        text.slice(Math.max(0, text.lastIndexOf("}", m.index)), m.index),
      );
    if (!top && !controller) continue;
    const name = m[1] as string;
    for (const use of text.matchAll(
      new RegExp(
        `\\b${name}\\s*(?:\\.(?:add|put|remove|removeIf|clear|set|addAll|compute\\w*|merge)\\s*\\(|\\[[^\\n]*\\]\\s*=(?!=)|\\+=|-=)`,
        "g",
      ),
    )) {
      if (!inRequest(text, use.index)) continue;
      sink.state.push({
        what: name,
        kind: /cache|session|client|pool|metric|count|socket|conn/i.test(name) ? "cache" : "memory",
        reach: emptyReach(),
        ...at(f, use.index, use[0].length),
      });
      break;
    }
  }
}

const number = (text: string): number => Number(text.replaceAll("_", "").replace(/L$/i, ""));
const NUMBER = String.raw`([\d_]+)L?`;

function limits(f: File): void {
  const { text } = f;
  const push = (kind: OtherFact["kind"], what: string, value: number, m: RegExpMatchArray): void => {
    f.sink.others.push({ kind, what, value, reach: emptyReach(), ...at(f, m.index ?? 0, m[0].length) });
  };
  for (const m of text.matchAll(new RegExp(`\\bconnectionIdleTimeoutSeconds\\s*=\\s*${NUMBER}`, "g")))
    push("keep-alive", "CIO's connectionIdleTimeoutSeconds", number(m[1] as string) * 1000, m);
  for (const m of text.matchAll(
    new RegExp(
      `\\b(?:idleTimeout\\s*=|setIdleTimeout\\s*\\(|keepAliveTimeout\\s*=|setKeepAliveTimeout\\s*\\()\\s*${NUMBER}`,
      "g",
    ),
  )) {
    const vertx = /HttpServerOptions/.test(text);
    push("keep-alive", "the server's idle timeout", number(m[1] as string) * (vertx ? 1000 : 1), m);
  }
  for (const m of text.matchAll(new RegExp(`\\bidleTimeout\\s*\\(\\s*Duration\\.ofSeconds\\(\\s*${NUMBER}`, "g")))
    push("keep-alive", "the server's idle timeout", number(m[1] as string) * 1000, m);
  for (const m of text.matchAll(
    new RegExp(`\\b(shutdownTimeout|shutdownGracePeriod|timeoutMillis)\\s*=\\s*${NUMBER}`, "g"),
  ))
    push("drain", m[1] as string, number(m[2] as string), m);
  for (const m of text.matchAll(
    new RegExp(`\\.stop\\s*\\(\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*(?:,\\s*(?:TimeUnit\\.)?(\\w+)\\s*)?\\)`, "g"),
  ))
    push(
      "drain",
      "the server's stop",
      number(m[2] as string) * (/SECONDS/.test(m[3] ?? "") && !/MILLI/.test(m[3] ?? "") ? 1000 : 1),
      m,
    );
  if (!/addShutdownHook|@PreDestroy|ApplicationStopping|ApplicationStopPreparing/.test(text)) return;
  for (const m of text.matchAll(new RegExp(`\\b(?:Thread\\.sleep|delay)\\s*\\(\\s*${NUMBER}\\s*\\)`, "g")))
    if (openers(text, m.index).some((o) => /addShutdownHook|PreDestroy|Stopping|StopPreparing/.test(o)))
      push("drain", "a sleep in the shutdown hook", number(m[1] as string), m);
  for (const m of text.matchAll(
    new RegExp(`\\bawaitTermination\\s*\\(\\s*${NUMBER}\\s*,\\s*(?:TimeUnit\\.)?(\\w+)`, "g"),
  )) {
    if (!openers(text, m.index).some((o) => /addShutdownHook|PreDestroy|Thread|Stopping/.test(o))) continue;
    const unit = /MILLI/.test(m[2] as string) ? 1 : /MINUTE/.test(m[2] as string) ? 60_000 : 1000;
    push("drain", "awaitTermination in the shutdown hook", number(m[1] as string) * unit, m);
  }
}

const METADATA =
  /"(http:\/\/(?:metadata(?:\.google\.internal)?|169\.254\.169\.254)\/(?!latest|metadata\/instance)[^"]*)"/g;

function addresses(f: File): void {
  const { text } = f;
  const push = (kind: OtherFact["kind"], what: string, m: { index: number; 0: string }, value?: string): void => {
    f.sink.others.push({
      kind,
      what,
      reach: emptyReach(),
      ...(value ? { value } : {}),
      ...at(f, m.index, m[0].length),
    });
  };
  for (const m of text.matchAll(METADATA)) {
    const line = text.slice(text.lastIndexOf("\n", m.index) + 1, m.index);
    const called =
      /\b(get|URL|url|URI\.create|HttpRequest\.newBuilder|getForObject|request|httpGet|prepareGet|uri|Request)\s*(<[^>]*>)?\s*\(\s*(?:URI\.create\s*\(\s*|URI\s*\(\s*|URL\s*\(\s*)?$/.test(
        line,
      ) || /^\s*\.\s*(readText|httpGet|toURL|toHttpUrl)/.test(text.slice(m.index + m[0].length));
    if (!called || /metadata-flavor/i.test(text)) continue;
    push("metadata", m[1] as string, { index: m.index, 0: m[0] });
  }
  for (const m of text.matchAll(
    /\b(?:ProcessBuilder|exec|System\s*\.\s*load|URL|URI\.create)\s*\(\s*(?:listOf\s*\(\s*|arrayOf\s*\(\s*)?"([^"]*)"/g,
  )) {
    const name = (m[1] as string)
      .split(/\s+/)
      .map(foreignName)
      .find((x) => x !== undefined);
    if (
      name &&
      !openers(text, m.index).some((o) => /os\.name|os\.arch|\bwhen\b|\bif\b[^{]*(arch|os|platform)/i.test(o))
    )
      push("architecture", name, { index: m.index, 0: m[0] });
  }
  for (const m of text.matchAll(
    /\.setProjectId\s*\(\s*"([^"]*)"|\b(?:TopicName|SubscriptionName|ProjectTopicName|SecretVersionName|ProjectSubscriptionName)\.of\s*\(\s*"([^"]*)"|\bprojectId\s*=\s*"([^"$]*)"/g,
  )) {
    const project = m[1] ?? m[2] ?? m[3] ?? "";
    if (isProject(project)) push("project", `the project ${project}`, { index: m.index, 0: m[0] }, project);
  }
  for (const m of text.matchAll(/"([^"\n]*projects\/[^"\n]*)"/g)) {
    const project = resourceProject(m[1] as string);
    if (project) push("project", `the project ${project}`, { index: m.index, 0: m[0] }, project);
  }
}

function variables(f: File): void {
  const { text, path, sink } = f;
  for (const m of text.matchAll(
    /\bSystem\s*\.\s*setProperty\s*\(\s*"(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)"\s*,\s*([^\n)]*)/g,
  )) {
    const name = m[1] as string;
    if ((m[2] as string).includes(name) || openers(text, m.index).some((o) => o.includes(name))) continue;
    sink.others.push({
      kind: "assignment",
      what: name,
      value: (m[2] as string).slice(0, 60),
      reach: emptyReach(),
      ...at(f, m.index, m[0].length),
    });
  }
  const fails =
    /^\s*(?:!!|\?:\s*(?:throw\b|error\s*\(|exitProcess\s*\(|return\s+call\.respond\s*\(\s*HttpStatusCode\.InternalServerError))/;
  for (const m of text.matchAll(
    /\b(requireNotNull|checkNotNull)\s*\(\s*System\.getenv\s*\(\s*"(\w+)"\s*\)|\bSystem\.getenv\s*\(\s*"(\w+)"\s*\)|\bSystem\.getenv\(\)\s*\.\s*getValue\s*\(\s*"(\w+)"\s*\)/g,
  )) {
    const name = (m[2] ?? m[3] ?? m[4]) as string;
    const certain = m[1] !== undefined || m[4] !== undefined || fails.test(text.slice(m.index + m[0].length));
    if (!certain || !required(name)) continue;
    const handler = inRequest(text, m.index);
    sink.needs.push({
      name,
      failure: handler ? "handler" : "start",
      how: "throws",
      place: { file: path, start: m.index, end: m.index + m[0].length },
      evidence: [text.slice(m.index, m.index + 80).split("\n")[0] ?? ""],
    });
  }
}
