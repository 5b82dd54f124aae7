/** The files that a package manager needs to install without the app's sources: manifests, lock, settings, patches. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseDocument } from "../base/yaml.ts";
import type { InstallStep } from "../plan/types.ts";
import { sharesTarget } from "./host.ts";
import type { InstallContext, InstallSource } from "./types.ts";

/** Scripts of a project that only set up a developer's machine; their programs are devDependencies. */
const HOOKS_ONLY =
  /^(?:\s*(?:npx |pnpm (?:exec )?|yarn )?(?:husky(?: install)?(?: \S+)?|is-ci|lefthook install|simple-git-hooks|git config \S+ \S+|skip-postinstall|only-allow \S+|exit 0|true|ultra-runner)\s*(?:\|\||&&|;|$))+$/;

/** package.json of the root and of every member of its workspace. */
export function workspaceManifests(root: InstallSource): string[] {
  const json = root.readJson("package.json") as { workspaces?: unknown } | undefined;
  const isWorkspace = json?.workspaces !== undefined || root.isFile("pnpm-workspace.yaml");
  if (!isWorkspace) return root.isFile("package.json") ? ["package.json"] : [];
  // Every manifest in the tree: which ones are members is the package manager's business.
  return root
    .list()
    .map(({ path }) => path)
    .filter((path) => posix.basename(path) === "package.json");
}

/** Settings and patches of package managers beside the lock file. */
export function configurationFiles(root: InstallSource): string[] {
  const names = [
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "pnpm-workspace.yaml",
    ".pnpmfile.cjs",
    "pnpmfile.js",
    "bunfig.toml",
  ].filter((name) => root.isFile(name));
  const patches = root
    .list()
    .map(({ path }) => path)
    .filter((path) => /^(?:patches|\.yarn\/(?:patches|plugins|releases|cache|versions))\//.test(path));
  const loader = [".pnp.cjs", ".pnp.loader.mjs"].filter((name) => root.isFile(name));
  return [...names, ...patches.filter((path) => !/\.zip$/.test(path)), ...loader];
}

/** Lays the skeleton (or the whole source, where its own scripts need it) into `tree`. */
export function layOut(step: InstallStep, context: InstallContext, root: InstallSource, tree: string): void {
  if (step.withSource) context.stage(root, tree);
  for (const path of workspaceManifests(root)) {
    const text = withoutHooks(root.read(path) ?? "{}", step.dev);
    write(tree, path, path === "package.json" && step.packageManager === "pnpm" ? pnpmForTarget(text) : text);
  }
  // Lock files and settings may be ignored for the image, or left out as secrets; the installation needs them.
  for (const path of [...(step.lockFile === undefined ? [] : [step.lockFile]), ...configurationFiles(root)]) {
    const target = join(tree, path);
    mkdirSync(dirname(target), { recursive: true });
    if (isSettings(path)) pointAt(join(root.root, path), target);
    else copyFileSync(join(root.root, path), target);
    if (/^(?:pnpm-workspace\.yaml|\.yarnrc\.yml)$/.test(path)) settingsForTarget(target);
  }
  const yarnSettings = join(tree, ".yarnrc.yml");
  if (step.packageManager === "yarn-berry" && !sharesTarget() && !existsSync(yarnSettings)) {
    writeFileSync(yarnSettings, "");
    settingsForTarget(yarnSettings);
  }
}

/** What yarn and pnpm call the systems that optional packages are installed for. */
const ARCHITECTURES = { os: ["linux"], cpu: ["x64"], libc: ["glibc"] };

/** pnpm before 10 (and 10) has it in the manifest. */
function pnpmForTarget(text: string): string {
  let json: { pnpm?: { supportedArchitectures?: unknown } };
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return text;
  }
  if (sharesTarget() && json.pnpm?.supportedArchitectures === undefined) return text;
  return `${JSON.stringify({ ...json, pnpm: { ...json.pnpm, supportedArchitectures: ARCHITECTURES } }, null, 2)}\n`;
}

/** The copy's settings: a project may ask for its developers' systems, and an image has one. */
function settingsForTarget(file: string): void {
  const text = readFileSync(file, "utf8");
  const yarnAbroad = !sharesTarget() && file.endsWith(".yarnrc.yml");
  if (!yarnAbroad && !/^["']?supportedArchitectures\b/m.test(text)) return;
  const document = parseDocument(text);
  document.set("supportedArchitectures", ARCHITECTURES);
  writeFileSync(file, document.toString());
}

/** Settings may hold tokens: the copy only points at them, and only while the installation lasts. */
export function isSettings(path: string): boolean {
  return /(?:^|\/)(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|bunfig\.toml)$/.test(path);
}

function pointAt(file: string, link: string): void {
  rmSync(link, { force: true });
  // yarn rewrites its settings when a project comes from an older yarn: through a link those would be the user's.
  if (!link.endsWith(".yarnrc.yml") && linked(file, link)) return;
  copyFileSync(file, link);
  chmodSync(link, 0o600);
}

function linked(file: string, link: string): boolean {
  try {
    symlinkSync(file, link);
    return true;
  } catch {
    return false;
  }
}

function write(tree: string, path: string, text: string): void {
  const target = join(tree, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Git hooks are of no use in a copy without .git, and their programs are not there without devDependencies. */
function withoutHooks(text: string, dev: boolean): string {
  let json: { scripts?: Record<string, string> };
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return text;
  }
  let changed = false;
  for (const name of ["prepare", "preinstall", "postinstall", "install"]) {
    const line = json.scripts?.[name];
    if (typeof line !== "string") continue;
    if (HOOKS_ONLY.test(line) || (!dev && name === "prepare" && /\bhusky\b/.test(line))) {
      delete (json.scripts as Record<string, string>)[name];
      changed = true;
    }
  }
  return changed ? `${JSON.stringify(json, null, 2)}\n` : text;
}
