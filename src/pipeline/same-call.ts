/**
 * The same words, typed again. A call of a build (its words, directory and environment) leads to the record of what came out;
 * where files, names in the store and registries still are as the record says, that is the answer, and the larger part of the
 * program is never loaded. Only the plain case is answered here. Anything else, doubt included, is left to the build.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { cacheDir } from "../base/dirs.ts";
import { isLoopback } from "../base/loopback.ts";
import { programDigest } from "../base/program.ts";
import { type Reference, repositoryName } from "../oci/reference.ts";
import { hostnameOf } from "../registry/hosts.ts";
import { askTag, type Question } from "../registry/plain-head.ts";
import { storedDigest } from "../store/index-file.ts";
import { storeTag } from "../store/names.ts";
import { hasRecord, readRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { type BuildRecord, recall } from "./build-record.ts";
import type { BuildReport, KeptBuild } from "./build-types.ts";
import { splitTags, withoutTelling } from "./build-words.ts";
import { hasCiReports } from "./ci-report.ts";

export interface Call {
  /** Behind the program's name. */
  argv: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Where a call's answer is. */
interface CallRecord {
  dir: string;
  /** Key of the build's record. */
  build: string;
}

/** Set anew by every shell, and read by nobody; or whom to trust on the way, which changes nothing of what is made. */
const NOISE = new Set(["_", "SHLVL", "OLDPWD", "NODE_EXTRA_CA_CERTS"]);

/** The environment is part of it as a whole, as a digest: it may hold secrets. So is the program's own code. */
export function callKey({ argv, cwd, env }: Call): string {
  const own = Object.entries(env).filter(([name]) => !NOISE.has(name));
  return createHash("sha256")
    .update(canonicalJson([programDigest(), withoutTelling(argv), cwd, own.sort()]))
    .digest("hex");
}

/** The same for calls that give the image other names: what was built is the same. */
export function shapeKey(call: Call): string {
  return callKey({ ...call, argv: splitTags(call.argv).shape });
}

/** Whether such a call left what an edit can be built from. */
export function mayBeEdit(call: Call): boolean {
  return hasRecord(cacheDir(call.env), "edits", shapeKey(call));
}

/** What is asked of a build whose call may be answered by its record. */
interface Rememberable {
  call: string;
  dir: string;
  /** Key of the build's record. */
  build: string;
  env: NodeJS.ProcessEnv;
  kept: KeptBuild;
  plainHttp: readonly string[];
}

/** Keeps where the answer of a call is, when it is of the plain kind. */
export function rememberCall(store: Store, { call, dir, build, env, kept, plainHttp }: Rememberable): void {
  if (hasCiReports(env)) return;
  const isPlain = ({ type }: KeptBuild["requests"][number]) =>
    type === "store" ||
    (type === "registry" &&
      kept.names.every(({ registry }) => isLoopback(hostnameOf(registry)) || plainHttp.includes(registry)));
  // Hosts beyond this machine may be behind a proxy.
  const proxied = ["HTTP_PROXY", "ALL_PROXY"].some((name) => env[name] || env[name.toLowerCase()]);
  const near = kept.names.every(({ registry }) => isLoopback(hostnameOf(registry)));
  if (!kept.requests.every(isPlain) || (proxied && !near)) return;
  const record: CallRecord = { dir, build };
  if (canonicalJson(store.readRecord("calls", call)) !== canonicalJson(record))
    store.writeRecord("calls", call, record);
}

/** What an earlier build reported, of a build that found all of it standing: nothing was made, nothing moved. */
export function unchangedReport(report: BuildReport, totalMs: number): BuildReport {
  return {
    ...report,
    layers: report.layers.map((layer) => ({ ...layer, cached: true })),
    outputs: report.outputs.map((output) => ({
      ...output,
      bytesWritten: 0,
      bytesUploaded: 0,
      ...(output.blobs && { blobs: output.blobs.map(({ digest, size }) => ({ digest, size, action: "exists" })) }),
    })),
    unchanged: true,
    timingsMs: { total: totalMs },
  };
}

/** The answer of an earlier, equal call, when it holds. */
export async function recallCall(call: Call): Promise<BuildReport | undefined> {
  // Not performance.now(), AbortController and the like: node loads each when it is first used.
  const beganMs = Date.now();
  const cache = cacheDir(call.env);
  const earlier = earlierCall(call, cache);
  if (!earlier || !stands(earlier.record, earlier.dir)) return undefined;
  const { names, requests, report } = earlier.record.result;
  const questions = requests.flatMap(({ type }) =>
    names.map((name) => (type === "registry" ? askName(name) : storedName(cache, name))),
  );
  try {
    for (const { answer } of questions) if ((await answer) !== report.digest) return undefined;
    return unchangedReport(report, Date.now() - beganMs);
  } finally {
    for (const { drop } of questions) drop();
  }
}

function earlierCall(call: Call, cache: string): { dir: string; record: BuildRecord<KeptBuild> } | undefined {
  const known = readRecord(cache, "calls", callKey(call)) as CallRecord | undefined;
  const record = known && (readRecord(cache, "builds", known.build) as BuildRecord<KeptBuild> | undefined);
  return record && { dir: known.dir, record };
}

/** Looked at before a registry is asked: where it does not, every millisecond counts for the edit that follows. */
function stands(record: BuildRecord<KeptBuild>, dir: string): boolean {
  try {
    return recall(record, dir) !== undefined;
  } catch {
    // A directory that cannot be read: the build says so in its own way.
    return false;
  }
}

/** What the names of an earlier, equal call stand for in their registries: by name, on its way. */
export function askNames(call: Call): Map<string, Question> {
  const { names = [], requests = [] } = earlierCall(call, cacheDir(call.env))?.record.result ?? {};
  const pushed = requests.some(({ type }) => type === "registry");
  return new Map(pushed ? names.map((name) => [taggedName(name), askName(name)]) : []);
}

export const taggedName = (name: Reference): string => `${repositoryName(name)}:${name.tag ?? "latest"}`;

const askName = ({ registry, repository, tag }: Reference): Question => askTag(registry, repository, tag ?? "latest");

function storedName(cache: string, name: Reference): Question {
  return { answer: Promise.resolve(storedDigest(cache, storeTag(name))), drop: () => {} };
}
