/** The app's files that are not code of the bundle: views, public folders, locales, protos, data. */
import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import type { BundleWarning } from "./types.ts";

export interface AssetsInput {
  appDir: string;
  /** Files that the bundle holds, absolute: not shipped a second time. */
  bundled: ReadonlySet<string>;
  /** all: everything that is not noise. none: only what `include` names. */
  policy: "all" | "none";
  /** TypeScript too: who asks compiles it. */
  typescript: boolean;
  include: string[];
  exclude: string[];
  /** By absolute path. */
  ignores?: ((path: string) => boolean) | undefined;
}

export interface Assets {
  /** Absolute, sorted. */
  files: { path: string; mode: number }[];
  warnings: BundleWarning[];
}

/** Never in an image: secrets and the traces of tools that hold them. */
const SECRET =
  /^(?:\.env(?:\..*)?|.*\.env|\.npmrc|\.yarnrc(?:\.yml)?|\.netrc|\.pypirc|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519).*|.*\.(?:key|p12|pfx|jks|keystore|ppk))$/i;
const SECRET_FOLDER = new Set([
  ".git",
  ".hg",
  ".svn",
  ".ssh",
  ".aws",
  ".gnupg",
  ".docker",
  ".kube",
  ".azure",
  ".gcloud",
]);
const NOISE_FOLDER = new Set([
  "node_modules",
  "coverage",
  "__tests__",
  "__mocks__",
  "__snapshots__",
  "__fixtures__",
  "cypress",
  "e2e",
  "bower_components",
]);
const NOISE_TOP_FOLDER = new Set([
  "test",
  "tests",
  "spec",
  "scripts",
  "bench",
  "benchmark",
  "helm",
  "k8s",
  "terraform",
  "infra",
  "docker",
  "types",
]);
const NOISE_FILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|(?:.*\.)?Dockerfile(?:\..*)?|docker-compose.*|compose\.ya?ml|Makefile|Procfile|project\.toml|knbuild\.(?:ya?ml|lock)|cloudbuild\.ya?ml|skaffold\.ya?ml|[jt]sconfig.*\.json|(?:jest|vitest|vite|webpack|rollup|babel|eslint|prettier|tsup|postcss|tailwind|commitlint|playwright|cypress|prisma|drizzle|knip|stylelint|lint-staged|nodemon|biome|turbo|nx|lerna|renovate)(?:\.config|\.base)?\.(?:[cm]?[jt]s|jsonc?)|nest-cli\.json|.*\.(?:test|spec)\.[cm]?[jt]sx?|.*\.tsbuildinfo|.*\.log|.*\.swp|.*~|Thumbs\.db|.*\.d\.[cm]?ts)$/;
const NOISE_TOP_FILE = /^(?:readme|changelog|contributing|license|licence|security|code_of_conduct|authors)(?:\..*)?$/i;
/** A folder that must be there, with nothing in it yet: programs write to it, or only ask whether it is there. */
const KEEPS_FOLDER = /^\.(?:gitkeep|keep|empty)$/;
const TYPESCRIPT = /\.(?:[cm]?ts|tsx|jsx)$/;

/** @throws nothing: unreadable folders are the caller's business when it packs the files. */
export function listAssets(input: AssetsInput, matches: (path: string, globs: string[]) => boolean): Assets {
  const files: Assets["files"] = [];
  const warnings: BundleWarning[] = [];
  const walk = (dir: string, top: boolean, served: boolean): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      const name = relative(input.appDir, path);
      let isDirectory = entry.isDirectory();
      let isFile = entry.isFile();
      if (entry.isSymbolicLink()) {
        // A link inside the app is followed: the image gets the file itself, so that nothing points out of it.
        const stat = statSync(path, { throwIfNoEntry: false });
        isFile = stat?.isFile() ?? false;
        isDirectory = false;
      }
      if (isDirectory) {
        if (SECRET_FOLDER.has(entry.name) || entry.name === "node_modules") continue;
        const wanted = input.include.length > 0;
        const noise =
          NOISE_FOLDER.has(entry.name) ||
          (top && NOISE_TOP_FOLDER.has(entry.name)) ||
          (entry.name.startsWith(".") && entry.name !== ".well-known");
        if (noise && !wanted) continue;
        walk(path, false, served || isServedFolder(entry.name));
      } else if (isFile) {
        if (matches(name, input.exclude)) continue;
        const named = input.include.length > 0 && matches(name, input.include);
        if (SECRET.test(entry.name) && !/\.env\.[cm]?[jt]s$/.test(entry.name)) continue;
        if (!named) {
          if (input.ignores?.(path)) continue;
          if (input.policy === "none" || inNoiseFolder(name)) continue;
          if (NOISE_FILE.test(entry.name) && !served) continue;
          if (
            (entry.name.startsWith(".") && !KEEPS_FOLDER.test(entry.name)) ||
            (top && (NOISE_TOP_FILE.test(entry.name) || entry.name === "package.json"))
          )
            continue;
          // The bundle's own files; a program without an extension (`bin/www`) would otherwise be started in its place.
          if (input.bundled.has(path) && !served) continue;
          if (TYPESCRIPT.test(entry.name) && !served && !input.typescript) continue;
        }
        if (holdsPrivateKey(path)) {
          warnings.push({
            code: "BUNDLE_SECRET_LEFT_OUT",
            message: `${name} holds a private key: it stays out of the image`,
            where: name,
          });
          continue;
        }
        files.push({ path, mode: lstatSync(path).mode & 0o111 && !entry.isSymbolicLink() ? 0o755 : 0o644 });
      }
    }
  };
  walk(input.appDir, true, false);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, warnings };
}

function inNoiseFolder(name: string): boolean {
  const folders = name.split("/").slice(0, -1);
  return folders.some(
    (f, i) => NOISE_FOLDER.has(f) || (i === 0 && NOISE_TOP_FOLDER.has(f)) || (f.startsWith(".") && f !== ".well-known"),
  );
}

/** Everything in these is for the browser or a template engine, scripts included. */
function isServedFolder(name: string): boolean {
  return /^(?:public|static|www|wwwroot|htdocs|views|templates|assets|client)$/.test(name);
}

/** A key or a service account's file by its content; only small files of the kinds that hold such are opened. */
function holdsPrivateKey(path: string): boolean {
  if (!/^\.(?:pem|crt|cer|json|txt|asc)$/.test(extname(path)) || basename(path) === "package.json") return false;
  const size = statSync(path).size;
  if (size > 64 * 1024) return false;
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(size);
    const length = readSync(descriptor, bytes, 0, size, 0);
    return /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/.test(bytes.toString("latin1", 0, length));
  } finally {
    closeSync(descriptor);
  }
}
