/**
 * An addon whose C++ the newest Node has outgrown is had with an older Node, where the sources allow that one; so is a package
 * that uses what the newest has taken away, when it is installed, in a build, or in the image. Which packages do is not to be
 * seen before they are installed, unless a lock file names them.
 */
import { createHash } from "node:crypto";
import { today } from "../base/clock.ts";
import { isOutgrown } from "../install/outgrown.ts";
import { type ImageRun, type MadeImage, makeImage, type PlannedImage, planImage } from "./make-image.ts";

/** What an earlier build learnt of these packages. */
interface Learnt {
  below: number;
  /** What the newest one was refused for. */
  why: string;
  /** It was for a file of the app's own, as that then was. */
  own?: { file: string; text: string };
}

/**
 * knbuild.lock keeps the pins of the newest Node beside those of the one that was taken: another machine, which has learnt
 * nothing, begins with the newest too, and a frozen lock must hold what it tries.
 * @throws what planning and building throw; ADDON_NOT_COMPILED and its like, for the newest, where no allowed Node does better
 */
export async function makeWithFittingNode(run: ImageRun, planned: PlannedImage): Promise<MadeImage> {
  const key = keyOf(planned);
  const learnt = run.store.readRecord("older-node", key) as Learnt | undefined;
  const holds = !learnt?.own || digestOf(planned, learnt.own.file) === learnt.own.text;
  const known = learnt && holds && (await planOlder(run, planned, learnt.below));
  if (known) {
    tellOlder(run, learnt.why, majorOf(known));
    const made = await makeImage(run, known);
    tellLacking(run, made);
    return made;
  }
  const first = await attempt(run, planned);
  let best = first;
  let taken: { major: number; below: number } | undefined;
  for (let from = planned, last = first; last.why !== undefined; ) {
    const next = await stepDown(run, from, last.since);
    if (!next) break;
    run.emit({ type: "info", message: `${last.why}: trying Node ${next.major}` });
    [from, last] = [next.plan, await attempt(run, next.plan)];
    // One that compiles and lacks something is better than none.
    if (last.why === undefined || (!best.made && last.made)) [best, taken] = [last, next];
  }
  if (!best.made) throw best.error;
  tellLacking(run, best.made);
  if (taken && first.why !== undefined) {
    tellOlder(run, first.why, taken.major);
    const lacking = first.made?.result.bundle?.lacking;
    const own = lacking?.own && { file: lacking.by, text: digestOf(planned, lacking.by) };
    const learns: Learnt = { below: taken.below, why: first.why, ...(own && { own }) };
    run.store.writeRecord("older-node", key, learns);
  }
  return best.made;
}

/** What came of one Node, and why another might do better: below `since` where that is known. */
interface Attempt {
  made?: MadeImage;
  error?: unknown;
  why?: string;
  since?: number;
}

/** @throws what has nothing to do with Node's age */
async function attempt(run: ImageRun, planned: PlannedImage): Promise<Attempt> {
  try {
    const made = await makeImage(run, planned);
    const why = lackingIn(made);
    const since = made.result.bundle?.lacking?.since;
    return { made, ...(why !== undefined && { why }), ...(since !== undefined && { since }) };
  } catch (error) {
    if (!isOutgrown(error)) throw error;
    const { code, message } = error;
    return { error, why: code === "ADDON_NOT_COMPILED" ? message : `${message} with Node ${majorOf(planned)}` };
  }
}

function lackingIn({ result: { bundle } }: MadeImage): string | undefined {
  const lacking = bundle?.lacking;
  return lacking && `${lacking.by} uses ${lacking.uses}, which Node ${lacking.since} and later do not have`;
}

function tellLacking(run: ImageRun, made: MadeImage): void {
  const why = lackingIn(made);
  if (why === undefined) return;
  const lacking = made.result.bundle?.lacking;
  run.emit({
    type: "warning",
    code: "NODE_API_REMOVED",
    message: `${why}: it fails when it gets there`,
    where: lacking?.own ? lacking.by : "package.json",
    hint: `${lacking?.own ? "Replace it there" : "Update that package"}, or allow an older Node in package.json's engines.`,
  });
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

/** The same with the next older Node, or the newest below a major; undefined: there is none. */
async function stepDown(
  run: ImageRun,
  from: PlannedImage,
  below = majorOf(from),
): Promise<{ plan: PlannedImage; major: number; below: number } | undefined> {
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

function digestOf({ source }: PlannedImage, file: string): string {
  return createHash("sha256")
    .update(source.read(file) ?? "")
    .digest("hex");
}

/** The packages decide, and the directory they are in; without a lock file those of the day, which may compile again. */
function keyOf({ source, plan }: PlannedImage): string {
  const app = plan.member === undefined ? source : source.at(plan.member);
  const lock = plan.steps.map((step) => (step.type === "install" ? step.lockFile : undefined)).find(Boolean);
  const packages = lock === undefined ? today() : app.read(lock, 64 * 1024 * 1024);
  const texts = ["why", app.root, plan.base.ref, app.read("package.json"), packages];
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
