/** One stage of a Dockerfile: its instructions in order, each a change of the configuration or a layer. */
import { createHash } from "node:crypto";
import { KnbuildError } from "../../base/errors.ts";
import { streamOf } from "../../base/streams.ts";
import { readHeredocWord } from "../../dockerfile/heredoc.ts";
import { createPatterns } from "../../dockerfile/ignore-patterns.ts";
import { type Expanded, type Interpretation, type Stage, stageInstructions } from "../../dockerfile/interpret.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import { materialize } from "../../layer/materialize.ts";
import type { TarEntry } from "../../oci/layer-source.ts";
import type { BuiltLayer, DockerfileContext } from "../types.ts";
import { readModeChange } from "./change-mode.ts";
import { type CopyOptions, copyFiles } from "./copy-files.ts";
import { fetchUrl, urlFileName } from "./fetch-url.ts";
import { containsWildcards, resolveWildcards, unsentDirectory } from "./file-match.ts";
import {
  type DirectoryNode,
  emptyRoot,
  type FileNode,
  layOver,
  nodeAt,
  realPath,
  shown,
  splitPath,
} from "./file-tree.ts";
import { gitTree, isGitSource } from "./git-tree.ts";
import { resolveOwner } from "./owner.ts";
import { absolute, addHistory, configure, type StageImage } from "./stage-image.ts";
import type { TarSpool } from "./tar-spool.ts";
import { readArchive, unpackArchive } from "./unpack-archive.ts";
import { type Owner, type WritableTree, writableTree } from "./writable-tree.ts";

/** A stage as far as it is built. */
export interface BuiltStage {
  root: DirectoryNode;
  image: StageImage;
  layers: BuiltLayer[];
}

export interface StageRequest {
  stage: Stage;
  model: Interpretation;
  context: DockerfileContext;
  spool: TarSpool;
  /** What it begins with; its own from here on. */
  built: BuiltStage;
  /** For messages: the Dockerfile, `Dockerfile`. */
  file: string;
  /** 1-based line of an instruction. */
  lineOf(instruction: Instruction): number;
  buildContext(): DirectoryNode;
  /** All that the build takes from it. */
  contextSources(): readonly string[];
  /** A directory that stays until the build is over. */
  scratch(): Promise<string>;
  /** The files that a `--from` means. */
  source(from: string, stage: Stage): Promise<DirectoryNode>;
}

/** @throws DOCKERFILE_FAILED with file and line */
export async function buildStage(request: StageRequest): Promise<void> {
  const { stage, model, file } = request;
  for (const instruction of stageInstructions(stage)) {
    const fired = stage.triggered.includes(instruction);
    const where = `${file}:${fired && stage.from ? request.lineOf(stage.from) : request.lineOf(instruction)}`;
    try {
      await buildInstruction(request, instruction, model.of(instruction) as Expanded);
    } catch (error) {
      if (error instanceof KnbuildError && error.code !== "LAYER_PATH_INVALID") throw located(error, where);
      throw new KnbuildError({
        code: "DOCKERFILE_FAILED",
        message: `${instruction.keyword.value.toUpperCase()}: ${(error as Error).message}`,
        where,
        detail: instruction.line.length > 500 ? `${instruction.line.slice(0, 500)}…` : instruction.line,
        cause: error,
      });
    }
  }
}

function located(error: KnbuildError, where: string): KnbuildError {
  if (error.where) return error;
  const { code, message, hint, detail, exitCode, retryable } = error;
  return new KnbuildError({ code, message, hint, detail, exitCode, retryable, where, cause: error });
}

async function buildInstruction(request: StageRequest, instruction: Instruction, expanded: Expanded): Promise<void> {
  if (expanded.error !== undefined) throw new Error(`failed to process: ${expanded.error}`);
  const { built } = request;
  if (instruction.name === "workdir") return workdir(request, expanded.args[0] ?? "");
  if (instruction.name === "copy" || instruction.name === "add") return copyOrAdd(request, instruction, expanded);
  configure(built.image, instruction, expanded);
}

async function workdir(request: StageRequest, path: string): Promise<void> {
  const { built } = request;
  const { config } = built.image;
  // The builder cleans only what it joins.
  config.WorkingDir = path.startsWith("/") ? path : absolute(config.WorkingDir || "/", path);
  const root = config.WorkingDir === "/";
  if (!root) {
    const tree = writableTree(built.root);
    const owner = config.User ? await resolveOwner(config.User, lookUp(built)) : undefined;
    tree.makeDirectories(realPath(tree.root, config.WorkingDir), 0o755, owner);
    await addLayer(request, tree.changes(), `WORKDIR ${config.WorkingDir}`);
  }
  addHistory(built.image, `WORKDIR ${config.WorkingDir}`, !root);
}

async function copyOrAdd(request: StageRequest, instruction: Instruction, expanded: Expanded): Promise<void> {
  const { built, stage, context, spool } = request;
  const { flags } = expanded;
  const isAdd = instruction.name === "add";
  const words = expanded.args.slice(0, -1);
  const destinationWord = expanded.args.at(-1) ?? "";
  const destination = destinationPath(built.image.config.WorkingDir || "/", destinationWord);
  // What is linked is a layer of its own that knows nothing of those below: no names, no symbolic links on the way. With
  // --chmod the builder copies as if it were not linked (dispatchCopy in dockerfile2llb).
  const apart = booleanFlag(instruction, "link") && !flags.get("chmod") ? emptyRoot() : undefined;
  const names = apart ? undefined : lookUp(built);
  const owner = flags.get("chown") ? await resolveOwner(flags.get("chown") as string, names) : undefined;
  const options = copyOptions(instruction, flags.get("chmod"), owner);
  const checksum = flags.get("checksum") || undefined;
  if (checksum !== undefined && words.length !== 1) throw new Error("checksum can't be specified for multiple sources");
  const from = isAdd ? undefined : flags.get("from");
  const files = from === undefined ? undefined : await request.source(from, stage);
  const unpack = booleanFlag(instruction, "unpack");
  const tree = writableTree(apart ?? built.root);
  const history = [isAdd ? "ADD" : "COPY"];
  if (booleanFlag(instruction, "parents")) history.push("--parents");
  for (const name of ["chown", "chmod"]) if (flags.get(name)) history.push(`--${name}=${flags.get(name)}`);
  const bodies: { name: string; node: FileNode }[] = [];
  for (const word of words) {
    const heredoc = word.includes("<<") ? readHeredocWord(word) : null;
    if (heredoc) {
      const at = instruction.heredocs.findLastIndex(({ name }) => name === heredoc.name);
      bodies.push({ name: heredoc.name, node: textNode(expanded.contents[at] ?? "") });
      continue;
    }
    history.push(word);
    if (isAdd && isGitSource(word)) {
      const { env, signal } = context;
      const keepGitDir = booleanFlag(instruction, "keep-git-dir");
      const root = await gitTree(word, { directory: await request.scratch(), env, signal, keepGitDir, checksum });
      copyFiles(root, "/", tree, destination, options);
    } else if (/^https?:\/\//.test(word)) {
      if (!isAdd) throw new Error("source can't be a URL for COPY");
      const name = urlFileName(word);
      const node = await fetchUrl(word, {
        store: context.layering.store,
        env: context.env,
        signal: context.signal,
        checksum,
      });
      if (unpack && (await unpacked(node, tree, destination, owner, spool))) continue;
      copyFiles(rootWith(name, node), `/${name}`, tree, destination, {
        ...options,
        contentsOnly: false,
        followLinks: false,
      });
    } else {
      if (checksum !== undefined) throw new Error("checksum requires HTTP(S) or Git sources");
      const root = files ?? request.buildContext();
      const place = { instruction, tree, destination, options, spool, unpack: unpack ?? isAdd, owner };
      if ((await copyLocal(root, word, place)) === 0 && !files) {
        const unsent = unsentDirectory(root, word, request.contextSources());
        if (unsent !== undefined) throw new Error(`lstat ${unsent}: no such file or directory`);
      }
    }
  }
  for (const { name, node } of bodies) {
    history.push(`<<${name}`);
    copyFiles(rootWith(name, node), `/${name}`, tree, destination, {
      ...options,
      contentsOnly: false,
      followLinks: false,
    });
  }
  history.push(destinationWord);
  if (apart) layOver(built.root, apart);
  await addLayer(request, tree.changes(), history.join(" "));
  addHistory(built.image, `${history.join(" ")} # buildkit`, true);
}

interface LocalCopy {
  instruction: Instruction;
  tree: WritableTree;
  destination: string;
  options: CopyOptions;
  spool: TarSpool;
  unpack: boolean;
  owner: Owner | undefined;
}

/** @returns how many sources it found */
async function copyLocal(root: DirectoryNode, word: string, copy: LocalCopy): Promise<number> {
  const { tree, destination, options, spool, owner } = copy;
  if (booleanFlag(copy.instruction, "parents")) {
    const pivot = word.indexOf("/./");
    const above = pivot < 0 ? "/" : word.slice(0, pivot) || "/";
    const pattern = splitPath(pivot < 0 ? word : word.slice(pivot + 3)).join("/");
    if (!containsWildcards(above) && !containsWildcards(pattern)) {
      // Links on the way are not followed: what matches is found by its own path.
      // The place itself is no path below it: as in BuildKit nothing matches. Nor does what is excluded as a whole.
      const excluded = createPatterns(options.exclude ?? []);
      const left = !excluded.hasExceptions && excluded.ignores(pattern);
      if (pattern === "" || left || !nodeAt(root, splitPath(`${above}/${pattern}`)))
        throw notFound(`${above}/${pattern}`);
    }
    const found = resolveWildcards(root, keepSlash(above));
    for (const source of found) copyFiles(root, source, tree, destination, { ...options, include: [pattern] });
    return found.length;
  }
  const found = resolveWildcards(root, keepSlash(word));
  for (const source of found) {
    const node = nodeAt(root, realPath(root, source));
    if (!node) throw notFound(source);
    if (copy.unpack && node.type === "file" && (await unpacked(node, tree, destination, owner, spool))) continue;
    copyFiles(root, source, tree, destination, options);
  }
  return found.length;
}

function notFound(source: string): KnbuildError {
  return new KnbuildError({
    code: "COPY_SOURCE_MISSING",
    message: `${shown(splitPath(source))}: not found`,
    hint: "Paths are relative to the build context, and what .dockerignore leaves out is not there.",
  });
}

/** @returns false when the file is no archive */
async function unpacked(
  node: FileNode,
  tree: WritableTree,
  destination: string,
  owner: Owner | undefined,
  spool: TarSpool,
): Promise<boolean> {
  const archive = await readArchive(node, spool);
  if (!archive) return false;
  unpackArchive(archive, tree, destination, owner, spool);
  return true;
}

function copyOptions(instruction: Instruction, chmod: string | undefined, owner: Owner | undefined): CopyOptions {
  const change = chmod ? readModeChange(chmod) : undefined;
  const exclude = instruction.flags.filter(({ name }) => name === "exclude").map(({ value }) => value);
  return {
    owner,
    exclude,
    contentsOnly: true,
    followLinks: true,
    ...(change && "mode" in change && { mode: change.mode }),
    ...(change && "change" in change && { changeMode: change.change }),
  };
}

function booleanFlag({ flags }: Instruction, name: string): boolean | undefined {
  const flag = flags.findLast((one) => one.name === name);
  return flag && (!flag.hasValue || flag.value.toLowerCase() === "true");
}

/** Absolute, with the slash or `/.` that says that it is a directory. */
function destinationPath(directory: string, text: string): string {
  const word = text === "" || text === "." ? "./" : text;
  return keepSlash(word.startsWith("/") ? word : `${directory}/${word}`);
}

function keepSlash(path: string): string {
  const clean = absolute("/", path);
  if (path.endsWith("/.")) return clean === "/" ? "/." : `${clean}/.`;
  return path.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}

function textNode(text: string): FileNode {
  const bytes = Buffer.from(text);
  const identity = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { type: "file", mode: 0o644, uid: 0, gid: 0, size: bytes.length, identity, open: () => streamOf(bytes) };
}

function rootWith(name: string, node: FileNode): DirectoryNode {
  const root = emptyRoot();
  root.children.set(name, node);
  return root;
}

/** Nothing was ever put into it: there are no names to look up. */
function lookUp({ root, layers }: BuiltStage): DirectoryNode | undefined {
  return layers.length === 0 && root.children.size === 0 ? undefined : root;
}

async function addLayer({ built, context }: StageRequest, entries: TarEntry[], comment: string): Promise<void> {
  const layer = await materialize(
    { kind: "app", comment, entries: () => entries, cacheKey: contentKey(entries, built.root) },
    context.layering,
  );
  built.layers.push({ layer, kind: "app", cached: layer.cached });
}

/** By what the files are, not by reading them: those of an image are named by its layer. */
function contentKey(entries: readonly TarEntry[], root: DirectoryNode): string {
  const hash = createHash("sha256");
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const node = nodeAt(root, splitPath(entry.path));
    const content = node?.type === "file" ? node.identity : node?.type === "symlink" ? node.target : "";
    const { path, type, mode, uid, gid, mtime = null } = entry;
    hash.update(JSON.stringify([path, type, mode, uid, gid, mtime, content]));
  }
  return `dockerfile-${hash.digest("hex")}`;
}
