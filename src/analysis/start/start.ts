/** How the program is started: Dockerfile (last stage), Procfile, app.yaml, the start script of package.json. */
import { parse as parseYaml } from "../../base/yaml.ts";
import type { StartCommand } from "../facts.ts";
import { isAt, leftOut } from "../project.ts";
import { AS_WHOM, withoutUser } from "./as-whom.ts";
import { pickDockerfile } from "./images.ts";
import { opened, startLine, usualStart } from "./platform-starts.ts";
import { rewritesHost } from "./rewritten-settings.ts";
import { untakenLines } from "./script-branches.ts";
import { scriptVariables, withVariables } from "./script-variables.ts";
import { OPENS, startsOpenService } from "./services.ts";

export interface StartFacts {
  commands: StartCommand[];
  imageEnv: Record<string, string>;
  /** Folder of the Dockerfile that was read, when there is one. */
  dockerfile?: string;
}

export function readStart(texts: ReadonlyMap<string, string>): StartFacts {
  const facts: StartFacts = { commands: [], imageEnv: {} };
  const dockerfile = pickDockerfile(texts);
  if (dockerfile) readDockerfile(dockerfile, texts.get(dockerfile) as string, facts, texts);
  if (dockerfile && startsOpenService(texts, facts.commands)) facts.imageEnv["#OPEN"] = "0.0.0.0";
  for (const { words } of facts.commands) {
    // `CMD PORT=4002 node server.js`
    const before = words.slice(
      0,
      Math.max(
        0,
        words.findIndex((w) => !/^(?:[A-Za-z_]\w*=.*|env|exec)$/.test(w)),
      ),
    );
    const port = before.flatMap((w) => /^PORT=(\d+)$/.exec(w)?.[1] ?? []).at(-1);
    if (port !== undefined) facts.imageEnv["#PORT"] = port;
  }
  for (const [path, text] of texts) {
    for (const [name, value] of opened(path, text)) facts.imageEnv[name] ??= value;
    const line = startLine(path);
    if (line === undefined || leftOut(path)) continue;
    const usual = usualStart(path, text, (p) => texts.has(p));
    if (usual) facts.commands.push(command(usual, true, "procfile", path, text.indexOf("runtime:")));
    const web = line.exec(text);
    if (!web?.[1]) continue;
    const started = command(web[1], true, "procfile", path, web.index + web[0].length - web[1].length);
    facts.commands.push(started);
    followScript(started, new Map(), texts, facts);
  }
  for (const started of [...facts.commands]) facts.commands.push(...namedScript(started, texts));
  const rootScript = scriptOf(texts.get("package.json") ?? "{}") !== undefined;
  for (const [path, text] of texts) {
    if (!/(^|\/)package\.json$/.test(path) || leftOut(path)) continue;
    if (path !== "package.json" && (rootScript || path.split("/").length > 3)) continue;
    const script = scriptOf(text);
    if (script) facts.commands.push(scriptCommand(script, "package.json", path, text));
  }
  if (facts.commands.length === 0) composerScript(texts, facts);
  if (facts.commands.length === 0) composeCommands(texts, facts);
  return facts;
}

/** `CMD ["npm", "run", "preview"]`: the script of that name, where it is none of those that are looked at anyway. */
function namedScript(from: StartCommand, texts: ReadonlyMap<string, string>): StartCommand[] {
  const name = /^(?:npm|yarn|pnpm|bun) (?:run |run-script )?([\w:.-]+)/.exec(from.words.join(" "))?.[1];
  if (name === undefined || /^(start(:prod(uction)?)?|serve:prod|install|exec|run|dlx)$/.test(name)) return [];
  const folder = from.place.file.slice(0, from.place.file.lastIndexOf("/") + 1);
  for (const path of new Set([`${folder}package.json`, "package.json"])) {
    const text = texts.get(path) ?? "{}";
    const script = scriptOf(text, [name]);
    if (script === undefined) continue;
    return [scriptCommand(script, from.from, path, text)];
  }
  return [];
}

/** `"scripts": { "run": ["echo 'Started'", "php -S localhost:8080 -t public"] }` of composer.json. */
function composerScript(texts: ReadonlyMap<string, string>, facts: StartFacts): void {
  const text = texts.get("composer.json");
  const serves = (line: string): boolean => /\bphp\b.* -S /.test(line);
  // Laravel's skeleton has it for development in each of its applications.
  const runs = (line: string): boolean => serves(line) || /^@?php artisan serve\b/.test(line);
  if (text === undefined || hasImageOfPhp(texts)) return;
  const main = ["start", "serve", "server", "run"];
  // How it is developed says how it runs where nothing else of it starts PHP.
  const others = (): boolean => scriptOf(text, main, (line) => /\bphp\b/.test(line)) !== undefined;
  const script = scriptOf(text, main, runs) ?? (others() ? undefined : scriptOf(text, ["dev"], serves));
  if (script === undefined) return;
  // `@php` is composer's word for the PHP that runs it.
  facts.commands.push(scriptCommand(script.replace(/^@(?=php\b)/, ""), "package.json", "composer.json", text));
}

/** `FROM php:8.3-apache`: that its image starts a web server of its own says what the script is for. */
function hasImageOfPhp(texts: ReadonlyMap<string, string>): boolean {
  for (const [path, text] of texts)
    if (
      /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile)$/i.test(path) &&
      SERVES_PHP.test(text) &&
      !/\bphp\b.* -S /.test(text)
    )
      return true;
  return false;
}
const SERVES_PHP =
  /^FROM\s+(?:--\S+\s+)?\S*(?:php:[\w.-]*(?:apache|fpm)|frankenphp|php[\w-]*(?:nginx|apache|fpm|caddy)|(?:nginx|apache)[\w-]*php)|\b(?:apache2-foreground|php-fpm)\b/im;

/** Where nothing else says how the program starts: the command of the one service that compose builds from here. */
function composeCommands(texts: ReadonlyMap<string, string>, facts: StartFacts): void {
  for (const [path, text] of texts) {
    if (!/^(docker-)?compose(\.prod(uction)?)?\.ya?ml$/.test(path)) continue;
    let services: unknown;
    try {
      services = (parseYaml(text) as { services?: unknown } | null)?.services;
    } catch {
      continue;
    }
    const built = Object.values(services && typeof services === "object" ? services : {}).filter(
      (s: unknown): s is { build: unknown; command?: unknown } => typeof s === "object" && s !== null && "build" in s,
    );
    const given = built.length === 1 ? built[0]?.command : undefined;
    const line = Array.isArray(given) ? given.join(" ") : given;
    if (typeof line !== "string") continue;
    const inner = /^(?:ba|a|da)?sh\s+-\w*c\s+(["'])([\s\S]*)\1\s*$/.exec(line.trim())?.[2] ?? line;
    const first = inner.trim().split(/\s+/)[0] as string;
    // What the program itself is told, behind the entry point of its image.
    if (first === "serve" && !/"serve"\s*:/.test(texts.get("package.json") ?? "")) continue;
    facts.commands.push(
      command(inner.replace(/\s+/g, " ").trim(), true, "other", path, Math.max(0, text.indexOf(first))),
    );
  }
}

/** The script that serves: `start:prod` and its kin before `start`; `npm run x` is followed. */
function scriptOf(
  text: string,
  names: readonly string[] = ["start:prod", "start:production", "start", "serve:prod"],
  isWanted = (_line: string): boolean => true,
): string | undefined {
  let scripts: Record<string, unknown> | undefined;
  try {
    scripts = (JSON.parse(text) as { scripts?: Record<string, unknown> } | null)?.scripts;
  } catch {
    return undefined;
  }
  if (!scripts || typeof scripts !== "object") return undefined;
  const given = names.map((k) => scripts[k]).flatMap((s): unknown[] => (Array.isArray(s) ? s : [s]));
  let script = given.find((s) => typeof s === "string" && isWanted(s)) as string | undefined;
  for (let i = 0; i < 3 && script; i++) {
    const next = /^(?:.*&&\s*)?(?:npm run(?:-script)?|yarn(?: run)?|pnpm(?: run)?|bun run)\s+([\w:.-]+)\s*$/.exec(
      script,
    )?.[1];
    const target: unknown = next && scripts[next];
    if (typeof target !== "string") break;
    script = target;
  }
  return script;
}

/** Instructions of the last stage, continuation lines joined. */
export function readDockerfile(
  path: string,
  text: string,
  facts: StartFacts,
  texts: ReadonlyMap<string, string>,
): void {
  facts.dockerfile = path;
  let offset = 0;
  let entry: StartCommand | undefined;
  let cmd: StartCommand | undefined;
  let ownCmd = false;
  let stage: string | undefined;
  const stages = new Map<string, { entry: typeof entry; cmd: typeof cmd; env: Record<string, string> }>();
  const copied = new Map<string, string>();
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const start = offset;
    let last = lines[i] as string;
    offset += last.length + 1;
    const before: string[] = [];
    while (last.trimEnd().endsWith("\\") && i + 1 < lines.length) {
      before.push(last.trimEnd().slice(0, -1));
      last = lines[++i] as string;
      offset += last.length + 1;
    }
    const line = [...before, last.replace(/\r$/, "")].join(" ");
    const m = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line);
    if (!m) continue;
    const keyword = (m[1] as string).toUpperCase();
    const rest = (m[2] as string).trim();
    if (keyword === "FROM") {
      if (stage) stages.set(stage, { entry, cmd, env: facts.imageEnv });
      const from = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest);
      // A stage on top of another one of the file starts what that one starts.
      const below = stages.get((from?.[1] ?? "").toLowerCase());
      entry = below?.entry;
      cmd = below?.cmd;
      ownCmd = false;
      facts.imageEnv = { ...below?.env };
      stage = from?.[2]?.toLowerCase();
    } else if (keyword === "ENV") {
      for (const [k, v] of envPairs(rest)) facts.imageEnv[k] = v;
    } else if (keyword === "CMD") {
      cmd = instruction(rest, path, start + line.indexOf(rest));
      ownCmd = true;
    } else if (keyword === "COPY" || keyword === "ADD") {
      const [from, to, more] = rest.split(/\s+/).filter((w) => !w.startsWith("--"));
      if (from && to && !more) copied.set(nameOf(to) || nameOf(from), nameOf(from));
    } else if (keyword === "ENTRYPOINT") {
      entry = instruction(rest, path, start + line.indexOf(rest));
      // The command of the image below is not for this entry point; one of the same stage is, wherever it stands.
      if (!ownCmd) cmd = undefined;
    }
  }
  const given = entry?.shell || (entry && cmd && isAskedFor(cmd.words[0], entry, copied, texts)) ? [] : cmd?.words;
  const whole = entry ? { ...entry, words: [...entry.words, ...(given ?? [])] } : cmd;
  if (whole?.words.length) {
    facts.commands.push(whole);
    followScript(whole, copied, texts, facts);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `if [ "$1" = "serve" ]; then shift` of the entry point: a word of the script's own, no program. */
function isAskedFor(
  word: string | undefined,
  entry: StartCommand,
  copied: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): boolean {
  if (word === undefined || !/^\w+$/.test(word)) return false;
  const asks = new RegExp(
    `(?:\\$\\{?1\\}?["']?\\s*==?\\s*["']?${word}\\b|^\\s*["']?${word}["']?\\))[^\\n]{0,80}\\s{1,9}shift\\b`,
    "m",
  );
  return scriptsOf(entry, copied).some((script) => {
    const path = [...texts.keys()].find((p) => isAt(p, nameOf(script)));
    return path !== undefined && asks.test(texts.get(path) ?? "");
  });
}

/** Under the name that the image gives it, or its own. */
function scriptsOf({ words }: StartCommand, copied: ReadonlyMap<string, string>): string[] {
  return words.map((w) => copied.get(nameOf(w)) ?? w).filter((w) => SCRIPT.test(w));
}

/** `ENTRYPOINT ["./entrypoint.sh"]`: what the script executes at its end. */
function followScript(
  from: StartCommand,
  copied: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
  facts: StartFacts,
): void {
  for (const script of scriptsOf(from, copied).slice(0, 3)) readScript(script, texts, facts);
}

/** `entrypoint`, `start.sh`, `./run`. */
const SCRIPT = /\.(?:ba)?sh$|entrypoint[\w-]*$|(^|\/)(run|start|startup|launch|serve)$/;

function readScript(script: string, texts: ReadonlyMap<string, string>, facts: StartFacts): void {
  const name = nameOf(script);
  const path = [...texts.keys()].find((p) => isAt(p, name));
  const text = path && texts.get(path);
  if (!path || !text) return;
  // `#!/usr/bin/dumb-init /bin/bash`: the init is there first.
  const init = /^#!(\S*\b(?:tini|dumb-init))\b/.exec(text)?.[1];
  if (init) facts.commands.push(command(init, true, "dockerfile", path, 2));
  let at = 0;
  // A command over several lines is one; its places stay.
  const whole = text.replace(/[ \t]*\\\r?\n/g, (gap) => " ".repeat(gap.length));
  const variables = scriptVariables(whole);
  const lines = whole.split("\n");
  const untaken = untakenLines(lines, (v) => variables.has(v) || facts.imageEnv[v] !== undefined);
  // `search-server … &`, and at the end `exec node server.js`: that is the program, the other one stands beside it.
  const main = lines.findLastIndex((l, n) => !untaken.has(n) && /^\s*exec\s/.test(l) && LINE.test(l));
  for (const [n, raw] of lines.entries()) if (n < main && /(?<!&)&\s*$/.test(raw)) untaken.add(n);
  for (const [n, raw] of lines.entries()) {
    const line = keptCommand(raw, whole) ?? raw;
    const m = untaken.has(n) ? null : LINE.exec(line);
    if (m?.[1] && !/migrate|collectstatic|\bmkdir\b/.test(m[1]))
      facts.commands.push(
        command(
          withVariables(withArrays(m[1], text), at, variables),
          true,
          "dockerfile",
          path,
          at + Math.max(0, raw.indexOf(m[1])),
          m[1].length,
        ),
      );
    if (!untaken.has(n) && OPENS.test(raw)) facts.imageEnv["#OPEN"] = "0.0.0.0";
    if (!untaken.has(n) && rewritesHost(raw)) facts.imageEnv["#REWRITTEN"] = "0.0.0.0";
    at += raw.length + 1;
  }
  const { value: port, until } = variables.get("PORT") ?? {};
  if (port && until === undefined && /^\d+$/.test(port)) facts.imageEnv["#PORT"] = port;
}

/** What runs it as somebody else, or which interpreter it is, may be in variables before it; `(set -x; exec …)`. */
const LINE = new RegExp(
  String.raw`^\s*(?:\(\s*)?(?:set [-+]\w+\s*(?:;|&&)\s*)?(?:exec\s+)?(?:"?\$\{?\w+\}?"?\s+)*${AS_WHOM}((?:gunicorn|uvicorn|python3?|node|npm|yarn|hypercorn|daphne|flask|waitress-serve|uwsgi|granian|sanic|streamlit|fastapi|deno|bun|npx|pnpm|pm2-runtime|unicorn|thin|rackup|caddy|java|puma|bundle|rails|uv|poetry|php|dotnet|\./|/)\S*\s.*|(?<=exec\s+)(?!env|sed|sh\b|bash\b)[a-z][\w.-]*\s.*\$\{?PORT\b.*)$`,
);

/** `cmd="exec gunicorn -b 0.0.0.0:$PORT"`, which a later line runs: `eval "$cmd"`, `exec gosu app $cmd`. */
function keptCommand(line: string, script: string): string | undefined {
  const m = /^\s*([A-Za-z_]\w*)=(["'])((?:exec\s+)?[\w./-]+\s(?:(?!\2).)*)\2?\s*$/.exec(line);
  const asWhom = String.raw`(?:(?:gosu|su-exec|s6-setuidgid|\$\{?\w+\}?)\s+\S+\s+)?`;
  const runs =
    m && new RegExp(`^[ \\t]*(?:eval|exec|(?:ba|da)?sh -c)?\\s*${asWhom}"?\\$\\{?${m[1]}\\b`, "m").test(script);
  return runs ? m[3] : undefined;
}

/** `exec app "${ARGS[@]}"` with what the script puts into the array: of a flag that is put there twice the first. */
function withArrays(line: string, script: string): string {
  return line.replace(/"?\$\{([A-Za-z_]\w*)\[[@*]\]\}"?/g, (_, name: string) => {
    const seen = new Set<string>();
    const put = [...script.matchAll(new RegExp(`^[ \\t]*${name}\\+?=\\(([^)]*)\\)`, "gm"))].map((m) => m[1] as string);
    const first = put.filter((words) => {
      const flag = /^["']?(--?[\w-]+)/.exec(words.trim())?.[1] ?? words;
      const known = seen.has(flag);
      seen.add(flag);
      return !known;
    });
    return first.join(" ").replace(/\s+/g, " ");
  });
}

function instruction(rest: string, path: string, start: number): StartCommand {
  if (rest.startsWith("[")) {
    try {
      const words = JSON.parse(rest) as unknown;
      if (Array.isArray(words) && words.every((w) => typeof w === "string")) {
        const shell =
          /^(\/bin\/|\/usr\/bin\/)?(sh|bash|ash|dash)$/.test(words[0] ?? "") && /^-\w*c$/.test(words[1] ?? "");
        if (shell) return command(words[2] ?? "", true, "dockerfile", path, start, rest.length);
        const own = withoutUser(words, splitWords);
        return { words: own, shell: false, from: "dockerfile", place: { file: path, start, end: start + rest.length } };
      }
    } catch {
      // Not JSON after all: the shell gets it.
    }
  }
  return command(rest, true, "dockerfile", path, start);
}

/** A script of a manifest, at its place there. */
function scriptCommand(script: string, from: StartCommand["from"], file: string, manifest: string): StartCommand {
  return command(script, true, from, file, Math.max(0, manifest.indexOf(JSON.stringify(script).slice(1, -1))));
}

function command(
  text: string,
  shell: boolean,
  from: StartCommand["from"],
  file: string,
  start: number,
  length = text.length,
): StartCommand {
  // The last command is the one that stays.
  const last =
    text
      .split(/&&|;|\|\|/)
      .filter((s) => s.trim())
      .at(-1) ?? text;
  return { words: withoutUser(splitWords(last), splitWords), shell, from, place: { file, start, end: start + length } };
}

export function splitWords(text: string): string[] {
  const out: string[] = [];
  for (const m of text.matchAll(
    /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:\$\{[^}]{0,400}\}|\$\([^)]{0,400}\)|[^\s"'])+))+/g,
  ))
    out.push(m[0].replace(/["']/g, ""));
  return out;
}

function envPairs(rest: string): [string, string][] {
  if (/^[A-Za-z_]\w*=/.test(rest))
    return [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map((m) => [
      m[1] as string,
      (m[2] as string).replace(/^["']|["']$/g, ""),
    ]);
  const m = /^(\w+)\s+(.*)$/.exec(rest);
  return m ? [[m[1] as string, m[2] as string]] : [];
}
