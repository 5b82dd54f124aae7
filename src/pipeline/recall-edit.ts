/** Whether a build after an edit may begin with what an earlier one left: what has changed since, and what has not. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { today } from "../base/clock.ts";
import type { Reference } from "../oci/reference.ts";
import { glanceKey } from "../source/glance.ts";
import { openSource } from "../source/open.ts";
import { LOOK_LIMIT } from "../source/server-look.ts";
import type { Store } from "../store/store.ts";
import { chooseNames } from "./build-names.ts";
import { contentDigest, readFileStates, readTreeState, SETTLED_MS, type TreeState } from "./build-record.ts";
import { splitTags } from "./build-words.ts";
import { type EditRecord, planDigest, plannedFrom } from "./edit-record.ts";
import { readGitHead } from "./git-head.ts";
import { type Call, shapeKey } from "./same-call.ts";
import { gitState } from "./source-facts.ts";

export interface RecalledEdit {
  record: EditRecord;
  /** As in the command line. */
  tags: string[];
  names: Reference[];
  /** Edited files of the app's own code, relative to the source. */
  edited: string[];
  tree: TreeState;
  files: Record<string, string>;
}

/** @returns undefined where more has changed than an edit may. @throws for names that cannot be, and what cannot be read */
export function recallEdit(call: Call, store: Store, beganMs: number): RecalledEdit | undefined {
  const record = store.readRecord("edits", shapeKey(call)) as EditRecord | undefined;
  if (!record || record.day !== today() || readGitHead(record.dir) !== record.gitHead) return undefined;
  const files: RecalledEdit["files"] = {};
  const youngSinceMs = beganMs - SETTLED_MS;
  const tree = readTreeState(record.dir, { youngSinceMs, see: (path, state) => (files[path] = state) });
  const edited = tree.young && looksWhole(record, files) && editedFiles(record, files);
  if (!edited || readFileStates(record.inputPaths).hash !== record.inputs) return undefined;
  const { tags } = splitTags(call.argv);
  const { naming, layers, basis } = record;
  const names = chooseNames({
    name: naming.name,
    tags: tags.length > 0 ? tags : naming.tags,
    repo: naming.repo ?? undefined,
    variables: naming.variables,
  });
  // No registry was named: the build says so.
  if (names.every(({ registry, repository }) => registry === "docker.io" && repository.startsWith("library/")))
    if (record.requests.some(({ type }) => type === "registry")) return undefined;
  const made = new Set(basis.layers.map(({ kind }) => kind));
  const there = layers.every(
    ({ kind, descriptor, origin }) =>
      made.has(kind) || origin?.length || store.hasBlob(descriptor.digest, descriptor.size),
  );
  return there ? { record, tags, names, edited, tree, files } : undefined;
}

/** Undefined where anything else was changed, added or taken away. */
function editedFiles(record: EditRecord, files: Record<string, string>): string[] | undefined {
  const paths = Object.keys(files);
  if (paths.length !== Object.keys(record.files).length) return undefined;
  const edited: string[] = [];
  for (const path of paths) {
    const known = record.files[path];
    if (known === undefined) return undefined;
    if (known !== files[path]) edited.push(path);
  }
  for (const [path, digest] of Object.entries(record.young))
    if (!edited.includes(path) && contentDigest(join(record.dir, path)) !== digest) edited.push(path);
  const editable = new Set(record.basis.editable);
  // A mode or a kind that changed is more than an edit.
  const same = edited.every((path) => editable.has(path) && modeOf(record.files[path]) === modeOf(files[path]));
  return same ? edited : undefined;
}

function modeOf(state: string | undefined): string | undefined {
  return state?.slice(0, state.indexOf(" "));
}

/**
 * Where an edit shows in what the plan was made from, it is made anew.
 * @returns what it is made from now; undefined: it is another one
 */
export async function planStands({ record, edited }: RecalledEdit): Promise<EditRecord["planned"] | undefined> {
  const texts = new Set(record.planned.texts);
  const shows = edited.some((path) => {
    const file = join(record.dir, path);
    const key = record.planned.glances[file];
    return texts.has(file) || (key !== undefined && glanceKey(readFileSync(file, "utf8")) !== key);
  });
  if (!shows) return record.planned;
  const [{ plan }, { nodeBases }] = await Promise.all([import("./plan.ts"), import("./node-bases.ts")]);
  const source = openSource(record.dir);
  const made = plan({ source, options: record.config, nodeBases: nodeBases() });
  return planDigest(made) === record.plan ? plannedFrom(source) : undefined;
}

/** A look at a program ends at some length: below it every file counts by itself. */
function looksWhole({ dir, planned }: EditRecord, files: Record<string, string>): boolean {
  const sizes = Object.keys(planned.glances).map((path) =>
    Number(files[relative(dir, path)]?.split(" ")[1] ?? LOOK_LIMIT),
  );
  return sizes.reduce((sum, size) => sum + size, 0) < LOOK_LIMIT;
}

/** An edit makes a clean checkout dirty, and what the image says of itself another. */
export async function gitStands({ record }: RecalledEdit, env: NodeJS.ProcessEnv): Promise<boolean> {
  return canonicalJson((await gitState(record.dir, env)) ?? null) === canonicalJson(record.git);
}
