/** What manifests say of the machine, the port's protocol and the environment: packages, services, start commands. */
import type { FactSink } from "../collect.ts";
import { readYaml } from "../config/properties.ts";
import { type BackgroundWork, emptyReach, type OtherFact, type StartCommand } from "../facts.ts";
import { parseLooseJson } from "../javascript/resolve.ts";
import { leftOut } from "../project.ts";
import { PLATFORM_VARIABLE } from "./assignments.ts";
import { durationText } from "./durations.ts";

export function manifestFacts(
  texts: ReadonlyMap<string, string>,
  start: readonly StartCommand[],
  sink: FactSink,
): void {
  for (const [path, text] of texts) {
    const why = leftOut(path);
    if (why === "vendored" || why === "test" || why === "documentation") continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const push = (kind: OtherFact["kind"], what: string, at: number, length: number, value?: string): void => {
      sink.others.push({
        kind,
        what,
        place: { file: path, start: Math.max(0, at), end: Math.max(0, at) + length },
        reach: emptyReach(),
        evidence: [text.slice(Math.max(0, at), Math.max(0, at) + Math.min(length, 120)).trim()],
        ...(value === undefined ? {} : { value }),
      });
    };
    if (name === "package.json") packageJson(text, push);
    else if (/^(requirements[^/]*\.txt|Pipfile)$/.test(name)) requirements(text, push);
    else if (name.endsWith(".csproj")) project(text, push);
    else if (/(^|\/)\.?cargo\/config(\.toml)?$/.test(path)) cargo(text, push);
    else if (name === "Cargo.toml") crates(text, sink);
    else if (name === "pom.xml" || /^build\.gradle(\.kts)?$/.test(name)) jib(text, push);
    else if (/\.ya?ml$/.test(name)) yaml(path, text, push);
    if (/\.(ya?ml|sh|md|json|tf|toml)$|Makefile$/.test(name)) {
      const m = /--use-http2\b|\bname:\s*["']?h2c\b|\buse_http2\b|name\s*=\s*"h2c"/.exec(text);
      if (m) push("h2c", "the port is named", m.index, m[0].length, "named");
    }
  }
  // package.json's script counts where nothing else starts the program.
  const other = start.some((c) => c.from !== "package.json" && !/^(npm|yarn|pnpm|bun)$/.test(c.words[0] ?? ""));
  for (const command of start) if (!(other && command.from === "package.json")) commandFacts(command, sink);
}

type Push = (kind: OtherFact["kind"], what: string, at: number, length: number, value?: string) => void;

/** `ctrlc = { version = "3", features = ["termination"] }` hears SIGTERM too. */
function crates(text: string, sink: FactSink): void {
  const own =
    /^ctrlc\s*=\s*\{[^}]*"termination"|^\[(?:workspace\.)?dependencies\.ctrlc\][^[]*features\s*=\s*\[[^\]]*"termination"/m;
  if (!own.test(text)) return;
  for (const s of sink.signalHandlers)
    if (s.by === "ctrlc" && !s.signals.includes("SIGTERM")) s.signals.push("SIGTERM");
}

/** `"os": ["darwin"]`, `"cpu": ["arm64"]`; packages that exist for one machine only. */
function packageJson(text: string, push: Push): void {
  const manifest = parseLooseJson(text) as { os?: unknown; cpu?: unknown; dependencies?: unknown } | undefined;
  if (!manifest || typeof manifest !== "object") return;
  const check = (key: "os" | "cpu", wanted: string): void => {
    const list = manifest[key];
    if (!Array.isArray(list) || list.length === 0) return;
    const names = list.filter((x) => typeof x === "string") as string[];
    const refused =
      names.includes(`!${wanted}`) ||
      (names.every((n) => !n.startsWith("!")) && !names.includes(wanted) && !names.includes("any"));
    const m = refused ? new RegExp(`"${key}"\\s*:\\s*\\[[^\\]]*\\]`).exec(text) : null;
    if (m) push("architecture", `package.json's ${key}: ${names.join(", ")}`, m.index, m[0].length);
  };
  check("os", "linux");
  check("cpu", "x64");
  const dependencies = manifest.dependencies;
  if (typeof dependencies !== "object" || dependencies === null) return;
  for (const name of Object.keys(dependencies)) {
    const bare = name.replace(/[-_](msvc|gnu|musl|eabi|gnueabihf|musleabihf)$/, "");
    if (
      !/(^|[-/_.])(darwin|win32|windows|linux|linuxmusl|linux-musl|freebsd|android)[-_.](x64|arm64|arm|ia32|universal|x86_64|aarch64|riscv64|ppc64|s390x|loong64)$/.test(
        bare,
      )
    )
      continue;
    if (/(^|[-/_.])(linux|linuxmusl|linux-musl)[-_.](x64|x86_64)$/.test(bare)) continue;
    const at = text.indexOf(`"${name}"`);
    push("architecture", `the package ${name}`, at, name.length + 2);
  }
}

function requirements(text: string, push: Push): void {
  for (const m of text.matchAll(/^(?!\s*#)[^\n#]+$/gm)) {
    const line = m[0];
    // An environment marker chooses by machine.
    if (/;\s*.*(sys_platform|platform_machine|platform_system|os_name)/.test(line)) continue;
    const wheel = /\S+\.whl\b/.exec(line)?.[0];
    if (
      wheel &&
      /-(macosx|win32|win_amd64|win_arm64|manylinux\w*_(aarch64|armv7l|i686|ppc64le|s390x)|linux_(aarch64|armv7l))\w*\.whl$/.test(
        wheel,
      )
    )
      push("architecture", `the wheel ${wheel.slice(wheel.lastIndexOf("/") + 1)}`, m.index, line.length);
    else if (/^\s*(pywin32|pyobjc|pypiwin32|wmi|winshell|pyobjc-core)\s*([=<>~!].*)?$/i.test(line))
      push("architecture", `the package ${line.trim()}`, m.index, line.length);
  }
}

/** `<RuntimeIdentifier>linux-arm64</RuntimeIdentifier>`. */
function project(text: string, push: Push): void {
  const m = /<RuntimeIdentifier>\s*([\w.-]+)\s*<\/RuntimeIdentifier>/.exec(text);
  if (m?.[1] && !/^(linux(-musl)?-x64|any|unix)$/.test(m[1]))
    push("architecture", `the runtime ${m[1]}`, m.index, m[0].length);
}

function cargo(text: string, push: Push): void {
  const build = /\[build\]([\s\S]*?)(?=\n\[|$)/.exec(text);
  const m = build && /^[ \t]*target\s*=\s*"([^"]+)"/m.exec(build[1] as string);
  if (build && m?.[1] && !/^x86_64-unknown-linux/.test(m[1]) && !/wasm/.test(m[1]))
    push("architecture", `Cargo's target ${m[1]}`, build.index + build[0].indexOf("target"), m[0].trim().length);
}

/** Jib's platform, classifiers of native libraries, and the environment that jib gives to the image. */
function jib(text: string, push: Push): void {
  for (const m of text.matchAll(
    /<classifier>\s*((?:linux|osx|windows)-[\w-]+)\s*<\/classifier>|:((?:linux|osx|windows)-(?:aarch_64|x86_64|x86_32))["']/g,
  )) {
    const classifier = (m[1] ?? m[2]) as string;
    const whole = new RegExp(classifier.replace(/^\w+-\w+$/, "linux-x86_64")).test(text.replaceAll(m[0], ""));
    if (!/^linux-x86_64$/.test(classifier) && !whole)
      push("architecture", `the native library for ${classifier}`, m.index, m[0].length);
  }
  if (!/\bjib\b/.test(text)) return;
  const architecture = /<architecture>\s*(\w+)\s*<\/architecture>|architecture\s*=\s*["'](\w+)["']/.exec(text);
  const named = architecture?.[1] ?? architecture?.[2];
  if (architecture && named !== "amd64" && !/amd64/.test(text))
    push("architecture", `jib's platform ${named}`, architecture.index, architecture[0].length);
  for (const m of text.matchAll(/<(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)>([^<]*)<\/\1>/g))
    push("assignment", m[1] as string, m.index, m[0].length, m[2] as string);
  const environment = /environment\s*=\s*(?:mapOf\(|\[)([^)\]]*)/.exec(text);
  for (const m of (environment?.[1] ?? "").matchAll(
    /["']?(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)["']?\s*(?:to|:)\s*["']?(\w+)/g,
  ))
    push(
      "assignment",
      m[1] as string,
      (environment?.index ?? 0) + (environment?.[0].indexOf(m[0]) ?? 0),
      m[0].length,
      m[2] as string,
    );
}

/** A Knative Service that sets what the platform sets: it is rejected. A builder that is told another platform. */
function yaml(path: string, text: string, push: Push): void {
  if (/serving\.knative\.dev\/v1/.test(text) && /\b(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)\b/.test(text))
    for (const document of readYaml(path, text)) {
      if (!/^serving\.knative\.dev\//.test(document.get("apiVersion")?.value ?? "")) continue;
      const keys = [...document.keys()];
      for (const [key, p] of document) {
        const container = /^(.*containers\[\d+\])\.env\[\d+\]\.name$/.exec(key)?.[1];
        if (container === undefined || !PLATFORM_VARIABLE.test(p.value)) continue;
        // A sidecar has no port of the platform's, and may be told one.
        const several = keys.some((k) => /containers\[1\]\./.test(k));
        if (!several || keys.some((k) => k.startsWith(`${container}.ports`)))
          push("assignment", p.value, p.place.start, p.place.end - p.place.start, "rejected");
      }
    }
  if (/(^|\/)\.?ko\.ya?ml$|cloudbuild|skaffold/.test(path))
    for (const m of text.matchAll(
      /^(?!\s*#)[^\n]*?((?:platforms?[=:\s"'[-]+|-\s+)linux\/(arm64|arm|386|ppc64le|s390x)\b)[^\n]*$/gim,
    ))
      if (!/linux\/amd64/.test(text))
        push("architecture", `linux/${m[2]}`, m.index + m[0].search(/\S/), m[0].trim().length);
  if (/cloudbuild/.test(path))
    for (const m of text.matchAll(/--(?:set|update)-env-vars[=\s"',]+([^\s"']*)/g)) {
      const set = /(?:^|,)(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)=/.exec(m[1] as string);
      if (set) push("assignment", set[1] as string, m.index, m[0].length, "rejected");
    }
}

const WORKERS: readonly [RegExp, string, BackgroundWork["kind"]?][] = [
  [/^celery\b.*\b(worker|beat|multi)\b/, "Celery"],
  [/^(bundle exec )?sidekiq\b/, "Sidekiq"],
  [/^(bundle exec )?(resque|rake (environment )?resque:work|rake jobs:work|good_job|clockwork)\b/, "a queue worker"],
  [
    /^rq worker\b|^python3? manage\.py (rqworker|qcluster|process_tasks|db_worker)\b|^dramatiq\b|^huey_consumer|^arq\b/,
    "a queue worker",
  ],
  // pm2 is none of them: what it starts is the server itself.
  [/^(supervisord|runsvdir)\b/, "what a supervisor starts beside the server", "thread"],
  [/^(crond|cron|supercronic)\b/, "cron", "scheduler"],
  [/^php artisan (queue:work|schedule:work|horizon)\b/, "Laravel's worker"],
];

/** Workers as the start command; limits and variables that it names. */
function commandFacts(command: StartCommand, sink: FactSink): void {
  const text = command.words.join(" ");
  const bare = text.replace(/^(exec\s+)?((\S*\/)?(poetry|uv|pipenv|pdm) run\s+)?/, "");
  for (const [pattern, what, kind = "queue"] of WORKERS)
    if (pattern.test(bare))
      sink.background.push({
        what,
        kind,
        place: command.place,
        reach: emptyReach(),
        evidence: [text.slice(0, 120)],
      });
  const flag = (names: RegExp, kind: "keep-alive" | "drain", what: string): void => {
    const at = command.words.findIndex((w) => names.test(w));
    if (at < 0) return;
    const word = command.words[at] as string;
    const value = durationText(
      word.includes("=") ? word.slice(word.indexOf("=") + 1) : (command.words[at + 1] ?? ""),
      1000,
    );
    if (value !== undefined)
      sink.others.push({
        kind,
        what,
        value,
        place: command.place,
        reach: emptyReach(),
        evidence: [text.slice(0, 120)],
      });
  };
  flag(/^--(keep-alive|timeout-keep-alive|keep-alive-timeout)(=|$)/, "keep-alive", "the start command's keep-alive");
  flag(/^--(graceful-timeout|timeout-graceful-shutdown)(=|$)/, "drain", "the start command's graceful timeout");
  const words = assigned(command);
  if (words)
    sink.others.push({
      kind: "assignment",
      what: words.name,
      value: words.value,
      place: command.place,
      reach: emptyReach(),
      evidence: [text.slice(0, 120)],
    });
}

/** `PORT=3000 node server.js`. */
function assigned({ words, shell }: StartCommand): { name: string; value: string } | undefined {
  if (!shell) return undefined;
  for (const w of words) {
    const m = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)=(.*)$/.exec(w);
    if (m?.[1] && !/\$/.test(m[2] ?? "")) return { name: m[1], value: m[2] ?? "" };
    if (!/^(env|exec|cross-env)$|=/.test(w)) return undefined;
  }
  return undefined;
}
