/**
 * An addon whose C++ the newest Node has outgrown is had with an older Node, where the sources allow that one. Which packages
 * do is not to be seen before they compile, unless a lock file names them.
 */
import { createHash } from "node:crypto";
import { today } from "../base/clock.ts";
import { isKnbuildError } from "../base/errors.ts";
import { type ImageRun, type MadeImage, makeImage, type PlannedImage, planImage } from "./make-image.ts";

/** What an earlier build learnt of these packages. */
interface Learnt {
  below: number;
  /** What the newest one was refused for. */
  why: string;
}

/**
 * knbuild.lock keeps the pins of the newest Node beside those of the one that was taken: another machine, which has learnt
 * nothing, begins with the newest too, and a frozen lock must hold what it tries.
 * @throws what planning and building throw; ADDON_NOT_COMPILED, for the newest, where no allowed Node compiles it
 */
export async function makeWithFittingNode(run: ImageRun, planned: PlannedImage): Promise<MadeImage> {
  const key = keyOf(planned);
  const learnt = run.store.readRecord("older-node", key) as Learnt | undefined;
  const known = learnt && (await planOlder(run, planned, learnt.below));
  if (known) {
    tellOlder(run, learnt.why, majorOf(known));
    return makeImage(run, known);
  }
  try {
    return await makeImage(run, planned);
  } catch (error) {
    if (!isKnbuildError(error, "ADDON_NOT_COMPILED")) throw error;
    for (let next = await stepDown(run, planned); next; next = await stepDown(run, next.plan)) {
      run.emit({ type: "info", message: `${error.message}: trying Node ${next.major}` });
      const made = await makeImage(run, next.plan).catch((failure: unknown) => {
        if (!isKnbuildError(failure, "ADDON_NOT_COMPILED")) throw failure;
        return undefined;
      });
      if (!made) continue;
      tellOlder(run, error.message, next.major);
      run.store.writeRecord("older-node", key, { below: next.below, why: error.message } satisfies Learnt);
      return made;
    }
    throw error;
  }
}

/** Each build says so, the one that tried and those that know. */
function tellOlder(run: ImageRun, why: string, major: number | undefined): void {
  run.emit({
    type: "warning",
    code: "NODE_OLDER",
    message: `${why}: the image has Node ${major}`,
    where: "package.json",
    hint: `"engines": { "node": "${major}.x" } in package.json says so from the start.`,
  });
}

/** The same with the next older Node; undefined: there is none. */
async function stepDown(
  run: ImageRun,
  from: PlannedImage,
): Promise<{ plan: PlannedImage; major: number; below: number } | undefined> {
  const below = majorOf(from);
  const plan = below === undefined ? undefined : await planOlder(run, from, below);
  const major = plan && majorOf(plan);
  return plan === undefined || below === undefined || major === undefined ? undefined : { plan, major, below };
}

/** undefined: the sources, or the user, ask for that Node or a newer one. */
async function planOlder(run: ImageRun, planned: PlannedImage, below: number): Promise<PlannedImage | undefined> {
  const older = await planImage(run, below).catch(() => undefined);
  return older === undefined || older.plan.base.ref === planned.plan.base.ref ? undefined : older;
}

function majorOf({ plan }: PlannedImage): number | undefined {
  for (const step of plan.steps) if (step.type === "install") return step.nodeMajor;
  return undefined;
}

/** The packages decide, and the directory they are in; without a lock file those of the day, which may compile again. */
function keyOf({ source, plan }: PlannedImage): string {
  const app = plan.member === undefined ? source : source.at(plan.member);
  const lock = plan.steps.map((step) => (step.type === "install" ? step.lockFile : undefined)).find(Boolean);
  const packages = lock === undefined ? today() : app.read(lock, 64 * 1024 * 1024);
  const texts = ["why", app.root, plan.base.ref, app.read("package.json"), packages];
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
