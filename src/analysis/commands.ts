/** Server programs that are started by name: which flags say port and host, and what they do without. */
import type { FactValue, Listener, SourceFacts, StartCommand, TlsServer } from "./facts.ts";
import { emptyReach } from "./facts.ts";

interface Program {
  name: string;
  /** Words that start it, after interpreters and wrappers were taken off. */
  match: RegExp;
  port?: RegExp;
  host?: RegExp;
  /** A flag that holds host and port. */
  address?: RegExp;
  /** The first bare word that is a port (`runserver 8000`, `http-server`). */
  bare?: RegExp;
  tls?: RegExp;
  defaults: Listener["defaults"];
  /** What it does with SIGTERM as the first process. */
  sigterm: "handles" | "default";
}

const PROGRAMS: Program[] = [
  {
    name: "gunicorn",
    match: /^gunicorn\b/,
    address: /^(-b|--bind)$/,
    tls: /^--(certfile|keyfile)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "uvicorn",
    match: /^(uvicorn\b|python3? -m uvicorn\b)/,
    port: /^--port$/,
    host: /^--host$/,
    tls: /^--ssl-(keyfile|certfile)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "hypercorn",
    match: /^(hypercorn\b|python3? -m hypercorn\b)/,
    address: /^(-b|--bind)$/,
    tls: /^--(certfile|keyfile)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "daphne",
    match: /^daphne\b/,
    port: /^(-p|--port)$/,
    host: /^(-b|--bind)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "granian",
    match: /^granian\b/,
    port: /^--port$/,
    host: /^--host$/,
    tls: /^--ssl-(keyfile|certificate)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "waitress",
    match: /^waitress-serve\b/,
    port: /^--port$/,
    host: /^--host$/,
    address: /^--listen$/,
    defaults: { port: 8080, host: "all" },
    sigterm: "default",
  },
  {
    name: "flask run",
    match: /^(flask\b.*\brun\b|python3? -m flask\b.*\brun\b)/,
    port: /^(-p|--port)$/,
    host: /^(-h|--host)$/,
    tls: /^--cert$/,
    defaults: { port: 5000, host: "localhost" },
    sigterm: "default",
  },
  {
    name: "fastapi",
    match: /^fastapi (run|dev)\b/,
    port: /^--port$/,
    host: /^--host$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "sanic",
    match: /^sanic\b/,
    port: /^(-p|--port)$/,
    host: /^(-H|--host)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "Django's runserver",
    match: /^(python3? )?(\S*\/)?manage\.py runserver\b|^django-admin runserver\b/,
    bare: /^(?:([^:\s]+):)?(\d+|\$\{?PORT\S*)$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "default",
  },
  {
    name: "functions-framework",
    match: /^functions-framework(-\w+)?\b/,
    port: /^--port$/,
    host: /^--host$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "streamlit",
    match: /^streamlit run\b/,
    port: /^--server\.port$/,
    host: /^--server\.address$/,
    defaults: { port: 8501, host: "all" },
    sigterm: "handles",
  },
  { name: "uwsgi", match: /^uwsgi\b/, address: /^--(http|http-socket|socket)$/, defaults: {}, sigterm: "default" },
  {
    name: "next start",
    match: /^next start\b/,
    port: /^(-p|--port)$/,
    host: /^(-H|--hostname)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "next dev",
    match: /^next dev\b/,
    port: /^(-p|--port)$/,
    host: /^(-H|--hostname)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "nuxt",
    match: /^(nuxt|nuxi) (start|preview)\b/,
    port: /^(-p|--port)$/,
    host: /^(-H|--host)$/,
    defaults: { port: "PORT", host: "localhost" },
    sigterm: "default",
  },
  {
    name: "fastify-cli",
    match: /^fastify start\b/,
    port: /^(-p|--port)$/,
    host: /^(-a|--address)$/,
    defaults: { port: "PORT", host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "vite",
    match: /^vite( preview| dev)?\b/,
    port: /^--port$/,
    host: /^--host$/,
    defaults: { port: 5173, host: "localhost" },
    sigterm: "default",
  },
  {
    name: "astro",
    match: /^astro (preview|dev)\b/,
    port: /^--port$/,
    host: /^--host$/,
    defaults: { port: 4321, host: "localhost" },
    sigterm: "default",
  },
  {
    name: "http-server",
    match: /^http-server\b/,
    port: /^(-p|--port)$/,
    host: /^-a$/,
    tls: /^(-S|--ssl|--tls)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "default",
  },
  {
    name: "serve",
    match: /^serve\b/,
    port: /^(-p|--port)$/,
    address: /^(-l|--listen)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "react-router-serve",
    match: /^(react-router-serve|remix-serve)\b/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "json-server",
    match: /^json-server\b/,
    port: /^(-p|--port)$/,
    host: /^(-H|--host)$/,
    defaults: { port: 3000, host: "localhost" },
    sigterm: "default",
  },
  {
    name: "react-scripts start",
    match: /^react-scripts start\b/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "puma",
    match: /^puma\b/,
    port: /^(-p|--port)$/,
    address: /^(-b|--bind)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "rails server",
    match: /^(\S*\/)?rails (server|s)\b/,
    port: /^(-p|--port)$/,
    host: /^(-b|--binding)$/,
    defaults: { port: "PORT", host: "all" },
    sigterm: "handles",
  },
  {
    name: "rackup",
    match: /^rackup\b/,
    port: /^(-p|--port)$/,
    host: /^(-o|--host)$/,
    defaults: { port: 9292, host: "localhost" },
    sigterm: "handles",
  },
  {
    name: "thin",
    match: /^thin start\b/,
    port: /^(-p|--port)$/,
    host: /^(-a|--address)$/,
    defaults: { port: 3000, host: "all" },
    sigterm: "handles",
  },
  {
    name: "unicorn",
    match: /^unicorn(_rails)?\b/,
    port: /^(-p|--port)$/,
    address: /^(-l|--listen)$/,
    defaults: { port: 8080, host: "all" },
    sigterm: "handles",
  },
  { name: "php -S", match: /^php\b.* -S\b/, address: /^-S$/, defaults: {}, sigterm: "default" },
  {
    name: "artisan serve",
    match: /^php artisan serve\b/,
    port: /^--port$/,
    host: /^--host$/,
    defaults: { port: 8000, host: "localhost" },
    sigterm: "default",
  },
  { name: "nginx", match: /^nginx\b/, defaults: {}, sigterm: "handles" },
  {
    name: "apache",
    match: /^(apache2-foreground|httpd-foreground|apache2ctl|apachectl|httpd)\b/,
    defaults: {},
    sigterm: "handles",
  },
  { name: "php-fpm", match: /^php-fpm\b/, defaults: {}, sigterm: "handles" },
  { name: "caddy", match: /^caddy run\b/, defaults: {}, sigterm: "handles" },
];

const WRAPPERS =
  /^(exec|npx|pnpm exec|pnpm dlx|yarn|bunx|uv run|poetry run|pipenv run|pdm run|rye run|hatch run|bundle exec|bin\/bundle exec|dotenv --|dotenv|cross-env|env|ddtrace-run|opentelemetry-instrument|newrelic-admin run-program|tini --|tini|dumb-init --|dumb-init|\/sbin\/tini --|\/usr\/bin\/tini --|\/tini --|\/usr\/bin\/dumb-init --|\/sbin\/tini|-[gsv]|--|python3? -m(?= gunicorn| sanic| granian| streamlit| fastapi| functions_framework)|[A-Z_][A-Z0-9_]*=\S*)\s+/;

const DEVELOPMENT = /^(vite|astro|next dev|react-scripts start)$/;

export interface CommandFacts {
  listeners: Listener[];
  tlsServers: TlsServer[];
  supervisor?: NonNullable<SourceFacts["supervisor"]>;
  programs: string[];
}

export function readCommands(commands: readonly StartCommand[]): CommandFacts {
  const facts: CommandFacts = { listeners: [], tlsServers: [], programs: [] };
  // A Dockerfile says what the image runs; the others only count without one.
  const ranked = ["dockerfile", "procfile", "other", "package.json"] as const;
  const chosen = ranked.map((from) => commands.filter((c) => c.from === from)).find((list) => list.length > 0) ?? [];
  const viaNpm = chosen.some((c) => /^(npm|yarn|pnpm|bun)$/.test(c.words[0] ?? ""))
    ? commands.filter((c) => c.from === "package.json")
    : [];
  for (const c of [...chosen, ...viaNpm]) readCommand(c, facts);
  return facts;
}

function readCommand(c: StartCommand, facts: CommandFacts): void {
  let text = c.words.join(" ").trim();
  if (/(^|\/)(tini|dumb-init|docker-init|catatonit)(\s|$)/.test(text))
    facts.supervisor = { name: /(tini|dumb-init|docker-init|catatonit)/.exec(text)?.[1] as string, effect: "kills" };
  if (/^pm2-runtime\b/.test(text)) facts.supervisor = { name: "pm2-runtime", effect: "handles" };
  for (let i = 0; i < 6; i++) {
    const next = text.replace(WRAPPERS, "");
    if (next === text) break;
    text = next;
  }
  text = text.replace(/^\S*\/(?=[a-z][\w-]*(\s|$))/, "");
  const program = PROGRAMS.find((p) => p.match.test(text));
  if (!program) return;
  // `npm start` of a front end: what developers look at, not what an image serves.
  if (c.from === "package.json" && DEVELOPMENT.test(program.name)) return;
  facts.programs.push(program.name);
  if (program.sigterm === "handles") facts.supervisor = { name: program.name, effect: "handles" };
  const words = splitFlags(text);
  let port: FactValue[] = [{ kind: "absent" }];
  let host: FactValue[] = [{ kind: "absent" }];
  let known = Object.keys(program.defaults).length > 0;
  for (let i = 0; i < words.length; i++) {
    const flag = words[i] as string;
    const value = words[i + 1] ?? "";
    if (program.port?.test(flag)) {
      port = [word(value, c)];
      known = true;
    } else if (program.host?.test(flag))
      host = [value === "" || value.startsWith("-") ? { kind: "literal", value: "0.0.0.0" } : word(value, c)];
    else if (program.address?.test(flag) && !/^unix:/.test(value)) {
      known = true;
      const m = /^(?:tcp:\/\/|http:\/\/)?(\[[^\]]*\]|[^:]*):(.+)$/.exec(value);
      if (m) {
        host = [m[1] ? word(m[1].replace(/[[\]]/g, ""), c) : { kind: "literal", value: "0.0.0.0" }];
        port = [word(m[2] as string, c)];
      } else port = [word(value, c)];
    } else if (program.bare && i > 0) {
      const m = program.bare.exec(flag);
      if (m?.[2]) {
        port = [word(m[2], c)];
        if (m[1]) host = [word(m[1], c)];
      }
    } else if (program.tls?.test(flag))
      facts.tlsServers.push({
        what: `${program.name} ${flag}`,
        place: c.place,
        reach: emptyReach(),
        evidence: [text.slice(0, 100)],
        config: true,
        ofProgram: true,
      });
  }
  if (!known) return;
  facts.listeners.push({
    framework: program.name,
    protocol: "http",
    port,
    host,
    defaults: program.defaults,
    place: c.place,
    reach: emptyReach(),
    evidence: [text.slice(0, 120)],
    handlesSigterm: program.sigterm === "handles",
  });
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

/** A word of a command: a literal, `$NAME`, `${NAME:-default}`. */
export function word(text: string, c: StartCommand): FactValue {
  const m = /\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?/.exec(text);
  if (m)
    return { kind: "env", name: m[1] as string, ...(m[2] ? { fallback: [{ kind: "literal", value: m[2] }] } : {}) };
  if (text === "" || text.includes("$")) return { kind: "unknown" };
  return { kind: "literal", value: /^\d+$/.test(text) ? Number(text) : text, at: c.place };
}
