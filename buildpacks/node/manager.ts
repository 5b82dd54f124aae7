/** Which package manager installs: what package.json says, else what the lock file says. */
import { escaped, type InstallStep, type Source } from "../../src/sdk.ts";
import type { Manifest } from "./manifest.ts";

export interface ManagerChoice {
  name: InstallStep["packageManager"];
  /** Version that the project pins, or the range that packageManager names. */
  version: string | undefined;
  /** Of that version's file, as packageManager names it for corepack: `sha512.` and hex. */
  hash?: string | undefined;
  /** File name in the workspace root (or the app). */
  lockFile: string | undefined;
  evidence: string;
}

const LOCK_FILES: [file: string, manager: "npm" | "pnpm" | "yarn" | "bun"][] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["npm-shrinkwrap.json", "npm"],
  ["package-lock.json", "npm"],
];

export function hasLock(source: Source): boolean {
  return LOCK_FILES.some(([file]) => source.isFile(file));
}

/** The lock file of a workspace's root lists a member by its path: then the manager asks no other one. */
export function isLockedBy(root: Source, member: string): boolean {
  const path = escaped(member);
  const listed = new RegExp(`^ {2}['"]?${path}['"]?:|^ {4}"${path}": \\{|@workspace:${path}["',]`, "m");
  return ["pnpm-lock.yaml", "package-lock.json", "yarn.lock"].some((file) =>
    listed.test(root.isFile(file) ? (root.read(file, LOCK_BYTES) ?? "") : ""),
  );
}

const LOCK_BYTES = 64 * 1024 * 1024;

/** @param root where the lock file lies: the workspace root, or the app itself */
export function chooseManager(root: Source, manifest: Manifest | undefined): ManagerChoice {
  const locks = LOCK_FILES.filter(([file]) => root.isFile(file));
  const declared = declaredManager(manifest);
  const kind = declared?.name ?? locks[0]?.[1] ?? "npm";
  const lock = locks.find(([, manager]) => manager === kind);
  if (declared && !lock && locks[0]) {
    // The field and the lock file disagree: what was really used is what left a lock file.
    return finish(
      root,
      locks[0][1],
      undefined,
      locks[0][0],
      `${locks[0][0]} (package.json says ${declared.name}, which has no lock file here)`,
    );
  }
  const evidence = declared
    ? `${declared.from}: ${declared.name}${declared.version ? `@${declared.version}` : ""}`
    : lock
      ? lock[0]
      : "no lock file: npm";
  const choice = finish(root, kind, declared?.version ?? enginesVersion(manifest, kind), lock?.[0], evidence);
  return { ...choice, ...(declared?.hash !== undefined && { hash: declared.hash }) };
}

function finish(
  root: Source,
  kind: "npm" | "pnpm" | "yarn" | "bun",
  version: string | undefined,
  lockFile: string | undefined,
  evidence: string,
): ManagerChoice {
  const berry = kind === "yarn" && isBerry(root, version, lockFile);
  return { name: berry ? "yarn-berry" : kind, version, lockFile, evidence };
}

function isBerry(root: Source, version: string | undefined, lockFile: string | undefined): boolean {
  if (version) return !/^[~^]?[01](?:\.|$)/.test(version);
  if (lockFile) return /^__metadata:/m.test(root.read(lockFile, LOCK_BYTES)?.slice(0, 4000) ?? "");
  return root.isFile(".yarnrc.yml");
}

function declaredManager(
  manifest: Manifest | undefined,
): { name: "npm" | "pnpm" | "yarn" | "bun"; version: string | undefined; hash?: string; from: string } | undefined {
  const field = managerField(manifest);
  if (field && KNOWN.test(field.name))
    return { ...field, name: field.name as "npm", from: "package.json packageManager" };
  const dev = manifest?.devEngines.packageManager?.find((spec) => KNOWN.test(spec.name));
  if (dev)
    return { name: dev.name as "npm", version: exact(dev.version), from: "package.json devEngines.packageManager" };
  return undefined;
}

const KNOWN = /^(?:npm|pnpm|yarn|bun)$/;

/** `pnpm@10.2.0+sha512.…`; corepack wants an exact version, others take `pnpm@10` and `pnpm@^10.2` too. */
function managerField(
  manifest: Manifest | undefined,
): { name: string; version: string | undefined; hash?: string } | undefined {
  const [, name, rest = ""] = /^([^@\s]+)(?:@(.*))?$/.exec(manifest?.packageManager?.trim() ?? "") ?? [];
  if (name === undefined) return undefined;
  const asked = /^\d+\.\d+\.\d+[\w.-]*|^[~^]?\d+(?:\.\d+){0,2}$/.exec(rest)?.[0];
  // Of npm the machine's own does where no version is pinned.
  const hash = /^\d+\.\d+\.\d+[\w.-]*\+(sha(?:1|224|256|384|512)\.[\da-f]+)$/i.exec(rest)?.[1];
  return {
    name,
    version: name === "npm" && asked !== undefined ? /^\d+\.\d+\.\d+.*/.exec(asked)?.[0] : asked,
    ...(hash !== undefined && { hash: hash.toLowerCase() }),
  };
}

/** The manager that packageManager names, where nothing here knows it. */
export function unknownManager(manifest: Manifest | undefined): string | undefined {
  const name = managerField(manifest)?.name;
  return name === undefined || KNOWN.test(name) ? undefined : name;
}

/** `engines.yarn: "1.22.5"` pins as packageManager does; a range does not. */
function enginesVersion(manifest: Manifest | undefined, kind: string): string | undefined {
  return exact(manifest?.engines[kind]) ?? exact(manifest?.volta[kind]);
}

function exact(text: string | undefined): string | undefined {
  return /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.exec(text?.trim() ?? "")?.[0];
}

/** The program that runs its scripts. */
export function managerProgram({ manager }: { manager: Pick<ManagerChoice, "name"> }): string {
  return manager.name === "yarn-berry" ? "yarn" : manager.name;
}
