/** What the start commands say: a server program with its flags, or options of the program itself. */
import { escaped } from "../../base/escaped.ts";
import {
  emptyReach,
  type FactValue,
  type Listener,
  literalFact,
  type SourceFacts,
  type StartCommand,
  type TlsServer,
} from "../facts.ts";
import { endpointOf } from "../twisted.ts";
import { isLocalHost } from "../values.ts";
import { PROGRAMS } from "./server-programs.ts";

const WRAPPERS =
  /^(exec|npx|pnpm exec|pnpm dlx|yarn|bunx|uv run|poetry run|pipenv run|pdm run|rye run|hatch run|bundle exec|bin\/bundle exec|dotenv --|dotenv|cross-env|env|ddtrace-run|opentelemetry-instrument|newrelic-admin run-program|tini --|tini|dumb-init --|dumb-init|\/sbin\/tini --|\/usr\/bin\/tini --|\/tini --|\/usr\/bin\/dumb-init --|\/sbin\/tini|[\w./-]{0,80}entrypoint[\w.-]{0,40}|-[gsv]|--|python3? -m(?= gunicorn| sanic| granian| streamlit| fastapi| functions_framework)|[A-Z_][A-Z0-9_]*=\S*)\s+/;

/** Before the number of a value that stands in the place of a word. */
export const MARK = "\u0001";

const DEVELOPMENT =
  /^(vite|astro|next dev|react-scripts start|webpack's dev server|gatsby|ng serve|wrangler dev|docusaurus start|vitepress)$/;

/** It says something of itself, and serves nothing. */
const ASKS = /\s(--version|--help|--check-config|--print-config)(\s|$)/;

/** `--host`, and a value that was followed. */
const HOST_OF_OPTION = new RegExp(`\\s(?:-H|--host)[ =]${MARK}`);
/** Shows what was built, as a program of its own does it to serve. */
const PREVIEW = /^\S+ preview\b/;

export interface CommandFacts {
  listeners: Listener[];
  tlsServers: TlsServer[];
  supervisor?: NonNullable<SourceFacts["supervisor"]>;
  programs: string[];
  /** The commands that count. */
  chosen: readonly StartCommand[];
  own: ReadonlySet<string>;
  /** The image starts a proxy beside the program, which is asked by nobody else. */
  isBehindProxy?: true;
}

/** @param own what the repository's own programs are called: `serve` may be one of them */
export function readCommands(commands: readonly StartCommand[], own: ReadonlySet<string>): CommandFacts {
  const facts: CommandFacts = { listeners: [], tlsServers: [], programs: [], chosen: [], own };
  // A Dockerfile says what the image runs; the others only count without one.
  const ranked = ["dockerfile", "procfile", "other", "package.json"] as const;
  const chosen = ranked.map((from) => commands.filter((c) => c.from === from)).find((list) => list.length > 0) ?? [];
  const viaNpm = chosen.some((c) => /^(npm|yarn|pnpm|bun)$/.test(c.words[0] ?? ""))
    ? commands.filter((c) => c.from === "package.json")
    : [];
  facts.chosen = [...chosen, ...viaNpm];
  for (const c of facts.chosen) readCommand(c, facts);
  return facts;
}

/** Adds what one command starts. */
export function readCommand(c: StartCommand, facts: CommandFacts): void {
  let text = c.words.join(" ").trim();
  if (/(^|\/)(tini|dumb-init|docker-init|catatonit)(\s|$)/.test(text))
    facts.supervisor = { name: /(tini|dumb-init|docker-init|catatonit)/.exec(text)?.[1] as string, effect: "kills" };
  const manager = /^(?:npx )?(pm2-runtime|service-runner)\b/.exec(text)?.[1];
  if (manager) facts.supervisor = { name: manager, effect: "handles" };
  for (let i = 0; i < 6; i++) {
    const next = text.replace(WRAPPERS, "");
    if (next === text) break;
    text = next;
  }
  text = text.replace(/^\S*\/(?=[a-z][\w-]*(\s|$))/, "");
  const program = PROGRAMS.find((p) => p.match.test(text));
  if (!program || ASKS.test(text) || facts.own.has(/^\S+/.exec(text)?.[0] ?? "")) return;
  // `npm start` of a front end, or a script that starts it: what developers look at, not what an image serves.
  // A program whose own option says where is what serves by it.
  const isTold = c.reach !== undefined && HOST_OF_OPTION.test(text);
  if ((c.from === "package.json" || c.reach) && !isTold && !PREVIEW.test(text) && DEVELOPMENT.test(program.name))
    return;
  facts.programs.push(program.name);
  const handles = program.sigterm === "handles" && !c.child;
  if (handles) facts.supervisor = { name: program.name, effect: "handles" };
  const words = splitFlags(text);
  let port: FactValue[] = [{ kind: "absent" }];
  let host: FactValue[] = [{ kind: "absent" }];
  let known = Object.keys(program.defaults).length > 0;
  let clear = !program.secure;
  const tls = (what: string): void => {
    facts.tlsServers.push({
      what: `${program.name} ${what}`,
      place: c.place,
      reach: c.reach ?? emptyReach(),
      evidence: [c.evidence ?? text.slice(0, 100)],
      config: true,
      ofProgram: true,
    });
  };
  for (let i = 0; i < words.length; i++) {
    const flag = words[i] as string;
    const value = program.address?.test(flag) ? described(words[i + 1] ?? "") : (words[i + 1] ?? "");
    if (program.address?.test(flag)) {
      if (/^["']?(ssl|tls|https):/.test(value)) tls(`${flag} ${value.slice(0, 30)}`);
      else if (value.startsWith("http:")) clear = true;
    }
    if (program.tls?.test(flag)) tls(flag);
    else if (program.port?.test(flag)) {
      port = [word(value, c)];
      known = true;
    } else if (program.host?.test(flag))
      host = [value === "" || value.startsWith("-") ? { kind: "literal", value: "0.0.0.0" } : word(value, c)];
    else if (program.address?.test(flag) && !/^unix:/.test(value)) {
      known = true;
      // Each alternative begins with a character of its own: a value without a colon is left at once.
      const m = /^["']?(?:(?:tcp|http|ssl|tls|https):\/\/)?((?:\$\{[^}]*\}|\$\w|\[[^\]]*\]|[^:$[])*):(.+)$/.exec(value);
      const whole = /^["']?\$\{(\w+):?-(.*):(\d+)\}["']?$/.exec(value);
      if (whole) {
        const [, name, usual, number] = whole as unknown as [string, string, string, string];
        const of = (text: string): FactValue => ({ kind: "env", name, fallback: [word(text, c)] });
        host = [of(usual.replace(/[[\]]/g, "") || "0.0.0.0")];
        port = [of(number)];
      } else if (m) {
        host = [m[1] ? word(m[1].replace(/[[\]]/g, ""), c) : { kind: "literal", value: "0.0.0.0" }];
        port = [word(m[2] as string, c)];
      } else {
        // `php -S $address`: a host that gets its port behind it where it has none.
        const given = word(value, c);
        const isHost = value.startsWith(MARK) && isHostByDefault(given);
        if (isHost) host = [given];
        port = [isHost ? { kind: "unknown" } : given];
      }
    } else if (program.bare && i > 0) {
      const m = program.bare.exec(flag);
      if (m?.[2]) {
        port = [word(m[2], c)];
        if (m[1]) host = [word(m[1], c)];
      } else if (handedOn(flag, c)) host = port = [{ kind: "unknown" }];
    }
  }
  if (words.some((w) => program.settings?.test(w))) {
    const elsewhere = (v: FactValue): FactValue => (v.kind === "absent" ? { kind: "unknown" } : v);
    port = port.map(elsewhere);
    host = host.map(elsewhere);
  }
  if (!clear && !facts.tlsServers.some((t) => t.place === c.place)) tls("without an address");
  if (!known) return;
  facts.listeners.push({
    framework: program.name,
    protocol: "http",
    port,
    host,
    defaults: program.defaults,
    place: c.place,
    reach: c.reach ?? emptyReach(),
    evidence: [c.evidence ?? text.slice(0, 120)],
    handlesSigterm: handles,
  });
}

/** An option that names a host alone while nobody gives it. */
function isHostByDefault(v: FactValue): boolean {
  if (v.kind === "literal") return isLocalHost(v.value) || v.value === "0.0.0.0";
  const usual = v.kind === "option" || v.kind === "env" ? (v.fallback ?? []) : [];
  return usual.length > 0 && usual.every(isHostByDefault);
}

/** Words of its own caller's, handed on to the program: `[…, "runserver", *args]` may hold an address. */
function handedOn(text: string, c: StartCommand): boolean {
  return text.startsWith(MARK) && word(text, c).kind === "unknown";
}

/** An endpoint of Twisted's as the address that other programs write. */
function described(value: string): string {
  const endpoint = endpointOf(value);
  if (endpoint?.port === undefined) return value;
  const { host = "0.0.0.0" } = endpoint;
  return `${endpoint.tls ? "ssl" : "tcp"}://${host.includes(":") ? `[${host}]` : host}:${endpoint.port}`;
}

function splitFlags(text: string): string[] {
  return text.split(/\s+/).flatMap((w) => {
    const m = /^(--?[A-Za-z][\w.-]*)=(.*)$/.exec(w);
    if (m) return [m[1] as string, m[2] as string];
    // `-p3000`, `-b:8080`
    const short = /^(-[pbl])(:?[\d$].*)$/.exec(w);
    return short ? [short[1] as string, short[2] as string] : [w];
  });
}

/** Variables of their own by which server programs are told port and host. */
const VARIABLES: Record<string, { port?: string; host: string }> = {
  "flask run": { port: "FLASK_RUN_PORT", host: "FLASK_RUN_HOST" },
  uvicorn: { port: "UVICORN_PORT", host: "UVICORN_HOST" },
  streamlit: { port: "STREAMLIT_SERVER_PORT", host: "STREAMLIT_SERVER_ADDRESS" },
  "fastify-cli": { port: "FASTIFY_PORT", host: "FASTIFY_ADDRESS" },
  "json-server": { host: "HOST" },
  sirv: { host: "HOST" },
  "mcp-use": { host: "HOST" },
  "astro's server": { host: "HOST" },
  FastMCP: { port: "FASTMCP_PORT", host: "FASTMCP_HOST" },
  nuxt: { port: "NITRO_PORT", host: "NITRO_HOST" },
  Gradio: { port: "GRADIO_SERVER_PORT", host: "GRADIO_SERVER_NAME" },
  Dash: { host: "HOST" },
};

/** Nothing, also where only a flag of the program's would say more. */
function isNotGiven(v: FactValue): boolean {
  return v.kind === "absent" || (v.kind === "option" && v.fallback?.every(isNotGiven) === true);
}

/** What the image sets for a server program that is given no flag. */
export function giveVariables(listeners: readonly Listener[], imageEnv: Readonly<Record<string, string>>): void {
  for (const l of listeners) {
    const names = VARIABLES[l.framework];
    for (const slot of ["port", "host"] as const) {
      const name = names?.[slot];
      const value = name === undefined ? undefined : imageEnv[name];
      if (name === undefined || value === undefined || !l[slot].every(isNotGiven)) continue;
      l[slot] = [{ kind: "env", name, fallback: [{ kind: "literal", value }] }];
    }
  }
}

/** Options of the program that its start command gives: `ENTRYPOINT ["pgweb", "--bind=0.0.0.0"]`. */
export function giveFlags(listeners: readonly Listener[], commands: readonly StartCommand[]): void {
  const given = (v: FactValue): FactValue => withFlag(v, commands);
  for (const l of listeners) {
    l.port = l.port.map((v) => part(given(v), "port"));
    l.host = l.host.map((v) => part(given(v), "host"));
  }
}

/** What a value is where one of the commands gives its flag. */
export function withFlag(v: FactValue, commands: readonly StartCommand[]): FactValue {
  if (v.kind === "env" && v.fallback) return { ...v, fallback: v.fallback.map((f) => withFlag(f, commands)) };
  if (v.kind !== "option") return v;
  const name = v.name.replace(/^-+/, "");
  for (const c of commands) {
    const at = c.words.findIndex((w) => new RegExp(`^--?${escaped(name)}(=|$)`).test(w));
    const flag = c.words[at];
    if (flag === undefined) continue;
    const value = flag.includes("=") ? flag.slice(flag.indexOf("=") + 1) : c.words[at + 1];
    if (value !== undefined && value !== "" && !value.startsWith("-")) return word(value, c);
    // A switch, and it is on.
    if (v.fallback) return { kind: "unknown" };
  }
  return v;
}

/** Of `0.0.0.0:8080`, given as one flag. */
function part(v: FactValue, which: "host" | "port"): FactValue {
  if (v.kind !== "literal" || typeof v.value !== "string") return v;
  const m = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(v.value);
  if (!m) return v;
  const value = which === "port" ? Number(m[2]) : (m[1] as string).replace(/^\[|\]$/g, "") || "0.0.0.0";
  return { ...v, value };
}

/** A word of a command: a literal, `$NAME`, `${NAME:-default}`. */
export function word(text: string, c: StartCommand): FactValue {
  const held = c.values?.[text.startsWith(MARK) ? Number(text.slice(MARK.length)) : -1];
  if (held) return held;
  const m = /\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?/.exec(text);
  if (m)
    return { kind: "env", name: m[1] as string, ...(m[2] ? { fallback: [{ kind: "literal", value: m[2] }] } : {}) };
  if (text === "" || text.includes("$")) return { kind: "unknown" };
  return { ...literalFact(text), at: c.place };
}
