/** Which package manager installs: what package.json says, else what the lock file says. */
import type { InstallStep, Source } from "../../src/sdk.ts";
import type { Manifest } from "./manifest.ts";

export interface ManagerChoice {
  name: InstallStep["packageManager"];
  /** Exact version that the project pins. */
  version: string | undefined;
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
  return finish(root, kind, declared?.version ?? enginesVersion(manifest, kind), lock?.[0], evidence);
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
  if (version) return !/^[01]\./.test(version);
  if (lockFile) return /^__metadata:/m.test(root.read(lockFile, 64 * 1024 * 1024)?.slice(0, 4000) ?? "");
  return root.isFile(".yarnrc.yml");
}

function declaredManager(
  manifest: Manifest | undefined,
): { name: "npm" | "pnpm" | "yarn" | "bun"; version: string | undefined; from: string } | undefined {
  const field = /^(npm|pnpm|yarn|bun)@(\d+\.\d+\.\d+[\w.-]*)/.exec(manifest?.packageManager ?? "");
  if (field) return { name: field[1] as "npm", version: field[2], from: "package.json packageManager" };
  const dev = manifest?.devEngines.packageManager?.find((spec) => /^(?:npm|pnpm|yarn|bun)$/.test(spec.name));
  if (dev)
    return { name: dev.name as "npm", version: exact(dev.version), from: "package.json devEngines.packageManager" };
  return undefined;
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
