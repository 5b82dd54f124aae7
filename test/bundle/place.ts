/** Real apps for the tests: packages installed once, results laid out as in the image, started with node alone. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundleApp } from "../../src/bundle/bundle.ts";
import type { BundleContext, BundleInput, BundleResult } from "../../src/bundle/types.ts";
import { freePort } from "../support/free-port.ts";
import { keptPath } from "../support/kept.ts";

const here = import.meta.dirname;
export const examples = join(here, "../../examples");

const made: string[] = [];

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-bundle-test-"));
  made.push(dir);
  return dir;
}

export function removeTemporaryDirs(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** The folder with the packages of test/bundle/packages: installed once for this lock file, kept for later runs. */
export function installedPackages(): string {
  const source = join(here, "packages");
  const key = createHash("sha256")
    .update(readFileSync(join(source, "package-lock.json")))
    .digest("hex")
    .slice(0, 16);
  const dir = keptPath(`packages-${key}`);
  if (existsSync(join(dir, "node_modules/.package-lock.json"))) return dir;
  const temporary = `${dir}.${process.pid}`;
  cpSync(source, temporary, { recursive: true });
  npmCi(temporary);
  if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
  renameSync(temporary, dir);
  return dir;
}

export function npmCi(dir: string): void {
  execFileSync(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--engine-strict=false"],
    {
      cwd: dir,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

/** Writes files (text by path); a folder of its own, or a member below the installed packages. */
export function writeFiles(dir: string, files: Record<string, string | Uint8Array>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

export type AppOptions = Partial<BundleInput> & { context?: BundleContext };

export interface Placed {
  result: BundleResult;
  /** Where the image's root was laid out. */
  imageDir: string;
}

/** Bundles and writes the files of the image below an empty directory. */
export async function place(appDir: string, entry: string, options: AppOptions = {}): Promise<Placed> {
  const imageDir = temporaryDir();
  const { context, ...rest } = options;
  const result = await bundle(appDir, entry, { imageAppDir: join(imageDir, "app"), ...rest }, context);
  layOut(result, "/");
  return { result, imageDir };
}

export function bundle(
  appDir: string,
  entry: string,
  options: Partial<BundleInput> = {},
  context?: BundleContext,
): Promise<BundleResult> {
  return bundleApp(
    {
      appDir,
      entry,
      nodeTarget: process.versions.node.split(".").slice(0, 2).join("."),
      enabled: true,
      minify: false,
      sourcemap: true,
      external: [],
      include: [],
      exclude: [],
      gracefulShutdown: true,
      imageAppDir: "/app",
      cacheDir: temporaryDir(),
      ...options,
    },
    context,
  );
}

export function layOut(result: BundleResult, root: string): void {
  for (const file of Object.values(result.files).flat()) {
    const at = join(root, file.path);
    mkdirSync(dirname(at), { recursive: true });
    if ("link" in file.source) symlinkSync(file.source.link, at);
    else {
      if ("file" in file.source) copyFileSync(file.source.file, at);
      else writeFileSync(at, file.source.bytes);
      chmodSync(at, file.mode);
    }
  }
}

/** One digest over everything: paths, modes, bytes. */
export function digestOf(result: BundleResult): string {
  const hash = createHash("sha256");
  for (const [kind, files] of Object.entries(result.files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const file of files) {
      hash.update(`\0${kind}\0${file.path}\0${file.mode}\0`);
      hash.update(
        "link" in file.source
          ? file.source.link
          : "bytes" in file.source
            ? file.source.bytes
            : readFileSync(file.source.file),
      );
    }
  }
  return hash.update(JSON.stringify([result.nodeArgs, result.entry, result.workdir])).digest("hex");
}

export function paths(result: BundleResult, kind: keyof BundleResult["files"]): string[] {
  return (result.files[kind] ?? []).map((file) => file.path);
}

export interface Running {
  url: string;
  child: ChildProcess;
  log(): string;
  /** Waits until the program has printed this. */
  says(text: string): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after 10 s; exit code or signal. */
  stop(): Promise<{ status: number | string | null }>;
}

const children = new Set<ChildProcess>();

export function stopAll(): void {
  for (const child of children) child.kill("SIGKILL");
}

/** Runs node as the image would, and waits until the port answers. */
export async function start(args: string[], cwd: string, env: Record<string, string> = {}): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env["PATH"], PORT: String(port), NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let log = "";
  child.stdout?.on("data", (chunk) => (log += chunk));
  child.stderr?.on("data", (chunk) => (log += chunk));
  const exited = new Promise<number | string | null>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? signal)),
  );
  void exited.then(() => children.delete(child));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 400) throw new Error(`no answer on ${port}; exit ${child.exitCode}\n${log}`);
    if (await listens(port)) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url,
    child,
    log: () => log,
    async says(text) {
      while (!log.includes(text)) {
        if (child.exitCode !== null) throw new Error(`exit ${child.exitCode} before "${text}"\n${log}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async stop() {
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), 10_000);
      const status = await exited;
      clearTimeout(limit);
      return { status };
    },
  };
}

export function startPlaced(placed: Placed, env?: Record<string, string>): Promise<Running> {
  const { nodeArgs, entry, workdir } = placed.result;
  return start([...nodeArgs, entry], workdir, env);
}

async function listens(port: number): Promise<boolean> {
  const { connect } = await import("node:net");
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
