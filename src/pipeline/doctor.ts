/** What this machine has: what building, running and pushing need, why something cannot be used, and what to install. */
import { access, constants } from "node:fs/promises";
import { cacheDir } from "../base/dirs.ts";
import { errorMessage } from "../base/errors.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { findDebianMirrors } from "../bases/apt-sources.ts";
import { readNpmConfig } from "../bases/npm-config.ts";
import { engines } from "../generated/engines.ts";
import { sandboxes } from "../generated/sandboxes.ts";
import { findProgram, lastLine, runProgram } from "../sandbox/program.ts";

export type DoctorLine = { name: string; needed: boolean } & (
  | { ok: true; found: string }
  | { ok: false; reason: string; hint: string }
);

export interface DoctorSection {
  title: string;
  lines: DoctorLine[];
}

export interface DoctorReport {
  /** Everything that building and running the ordinary way needs is there. */
  ok: boolean;
  /** Hints for what is needed and missing. */
  missing: string[];
  sections: DoctorSection[];
}

export interface DoctorOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  signal: AbortSignal;
}

/** Nothing is changed and nothing is fetched; sandboxes start a program of 132 bytes. */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const sections: DoctorSection[] = [
    { title: "This machine", lines: [nodeLine(), await cacheLine(options)] },
    { title: "Base images", lines: [mirrorLine(), await npmRegistryLine(options)] },
    {
      title: "Package managers",
      lines: await Promise.all(["npm", "pnpm", "yarn", "bun"].map((name) => managerLine(name, options))),
    },
    { title: "Build", lines: await engineLines() },
    { title: "Start images", lines: await sandboxLines() },
  ];
  const missing = sections.flatMap(({ lines }) =>
    lines.flatMap((line) => (line.needed && !line.ok ? [`${line.name}: ${line.hint}`] : [])),
  );
  const runs = sections.at(-1)?.lines.some(({ ok }) => ok) ?? false;
  if (!runs) missing.push("something that starts images: apt install bubblewrap (Debian, Ubuntu), or Docker or Podman");
  return { ok: missing.length === 0, missing, sections };
}

function nodeLine(): DoctorLine {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const name = "node";
  const found = `${process.versions.node} (${process.platform}/${process.arch})`;
  if (major > 20 || (major === 20 && minor >= 19)) return { name, needed: true, ok: true, found };
  return { name, needed: true, ok: false, reason: `${found} is too old`, hint: "install Node 20.19 or newer" };
}

async function cacheLine({ env }: DoctorOptions): Promise<DoctorLine> {
  const dir = cacheDir(env);
  try {
    makeDirectory(dir);
    await access(dir, constants.W_OK);
    return { name: "cache", needed: true, ok: true, found: dir };
  } catch (error) {
    return {
      name: "cache",
      needed: true,
      ok: false,
      reason: errorMessage(error),
      hint: "set KNBUILD_CACHE_DIR to a directory that you can write to",
    };
  }
}

function mirrorLine(): DoctorLine {
  const [mirror] = findDebianMirrors("/etc/apt");
  if (mirror) return { name: "debian mirror", needed: false, ok: true, found: `${mirror.url} (from /etc/apt)` };
  return {
    name: "debian mirror",
    needed: false,
    ok: false,
    reason: "none in this machine's configuration: the default base is the distroless image of the same runtime",
    hint: "name one in knbuild.yaml, mirror.debian, to assemble bases here",
  };
}

async function npmRegistryLine({ cwd, env }: DoctorOptions): Promise<DoctorLine> {
  const registry = (await readNpmConfig(cwd, env))["registry"];
  if (typeof registry === "string")
    return { name: "npm registry", needed: false, ok: true, found: withoutCredentials(registry) };
  return {
    name: "npm registry",
    needed: false,
    ok: false,
    reason: "npm's configuration names none",
    hint: "npm config set registry URL",
  };
}

function withoutCredentials(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.username = "";
    parsed.password = "";
    return parsed.href;
  } catch {
    return "(not a URL)";
  }
}

async function managerLine(name: string, { env, signal }: DoctorOptions): Promise<DoctorLine> {
  const needed = name === "npm";
  const program = findProgram(name, env);
  if (!program) {
    const reason = needed ? "not installed" : "not installed; fetched by npm when a project needs it";
    return { name, needed, ok: false, reason, hint: needed ? "it comes with Node" : `npm install --global ${name}` };
  }
  // Outside the project: corepack's stand-ins ask the project which version to fetch.
  const result = await runProgram(program, ["--version"], { timeoutMs: 20_000, signal, cwd: "/" });
  if (result.code === 0) return { name, needed, ok: true, found: lastLine(result.stdout) };
  return {
    name,
    needed,
    ok: false,
    reason: `does not work: ${lastLine(result.stderr)}`,
    hint: `npm install --global ${name}`,
  };
}

async function engineLines(): Promise<DoctorLine[]> {
  const lines: DoctorLine[] = [];
  for (const engine of engines) {
    const probe = await engine.probe();
    const needed = engine.id === "native";
    lines.push(
      probe.ok
        ? { name: engine.id, needed, ok: true, found: "ready" }
        : { name: engine.id, needed, ok: false, reason: probe.reason, hint: probe.hint },
    );
  }
  return lines;
}

async function sandboxLines(): Promise<DoctorLine[]> {
  const ranked = [...sandboxes].sort((a, b) => a.rank - b.rank);
  const probes = await Promise.all(ranked.map((sandbox) => sandbox.probe()));
  return ranked.map(({ id }, index): DoctorLine => {
    const probe = probes[index]!;
    if (probe.ok) return { name: id, needed: false, ok: true, found: probe.version };
    return { name: id, needed: false, ok: false, reason: probe.reason, hint: probe.hint };
  });
}
