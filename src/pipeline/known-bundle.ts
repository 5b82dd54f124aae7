/** What goes into a bundle and what does not, told without a build: nothing is installed, fetched or run, no layer is made. */
import { resolve } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { bundleInput } from "../engines/bundle-input.ts";
import { freshModules } from "../install/index.ts";
import { planKey } from "../plan/canonical.ts";
import type { BundleStep, Plan } from "../plan/types.ts";
import { openSource } from "../source/open.ts";
import { openStore, type Store } from "../store/store.ts";
import { type BuildRecord, recall } from "./build-record.ts";
import type { BuildReport, KeptBuild } from "./build-types.ts";
import { bundleReport, type LastImage, lastImageKey } from "./last-image.ts";

export interface KnownBundle extends Pick<BuildReport["bundle"], "bundled" | "external"> {
  /** From the packages in node_modules, or what the last build of this plan found. */
  from: "modules" | "build";
  /** False where something has changed since that build. */
  current: boolean;
}

/** Undefined where only a build can tell: the packages are not there yet, or the app's own build makes what is bundled. */
export async function knownBundle(
  dir: string,
  plan: Plan,
  { cacheDir, gracefulShutdown = true }: { cacheDir: string; gracefulShutdown?: boolean | undefined },
): Promise<KnownBundle | undefined> {
  const step = plan.steps.find((one): one is BundleStep => one.type === "bundle");
  if (!step) return undefined;
  const store = openStore(cacheDir);
  const last = lastBundle(store, resolve(dir), plan);
  if (last?.current) return last;
  return (await bundleOfModules(dir, plan, step, { cacheDir, gracefulShutdown })) ?? last;
}

function lastBundle(store: Store, dir: string, plan: Plan): KnownBundle | undefined {
  const last = store.readRecord("latest", lastImageKey(dir)) as Partial<LastImage> | undefined;
  if (!last?.bundle || !last.build || last.plan !== planKey(plan)) return undefined;
  const record = store.readRecord("builds", last.build) as BuildRecord<KeptBuild> | undefined;
  return { ...last.bundle, from: "build", current: recall(record, dir) !== undefined };
}

async function bundleOfModules(
  dir: string,
  plan: Plan,
  step: BundleStep,
  context: { cacheDir: string; gracefulShutdown: boolean },
): Promise<KnownBundle | undefined> {
  if (plan.steps.some(({ type }) => type === "host-command")) return undefined;
  const source = openSource(dir);
  const app = plan.member ? source.at(plan.member) : source;
  const install = plan.steps.find((one) => one.type === "install");
  const root = install?.workspaceRoot === undefined ? app : app.at(install.workspaceRoot);
  if (install && (install.program || !freshModules(install, app, root))) return undefined;
  const { bundleApp } = await import("../bundle/bundle.ts");
  const places = { appDir: app.root, modulesRoot: root.root, ignores: (path: string) => app.ignore.ignores(path) };
  try {
    const bundle = await bundleApp(bundleInput(step, places, context), { fresh: true });
    return { ...bundleReport(bundle), from: "modules", current: true };
  } catch (error) {
    // What the source lacks is the build's to say: the plan stands all the same.
    if (error instanceof KnbuildError) return undefined;
    throw error;
  }
}
