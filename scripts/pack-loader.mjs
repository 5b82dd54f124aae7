// dist/load.cjs: loads chunks by name, as scripts/pack.mjs laid them down. PACKS_OF (chunk → packs), STAMPS (pack → digest),
// LATE_CHUNKS, NEXT_KINDS (command → kinds of runs that may follow) and PACKS_OF_KIND are put in by it.
import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { cacheDir } from "../src/base/dirs.ts";
import { LONG_RUN } from "../src/base/long-run.ts";

const chunks = join(__dirname, "chunks");
const outside = createRequire(__filename);
const modules = new Map();
/** By path: a pack holds many chunks. */
const urls = {};
/** Packs in use by name. */
const packs = new Map();
/** Kinds of runs whose functions a code cache gathers; a run of yet another kind compiles what it misses. */
const KINDS_LIMIT = 8;
/** Named in many places, needed in few runs; each takes a millisecond or more. */
const LATE = new Set(["esbuild", "node:child_process", "node:fs/promises", "node:https", "node:tls", "node:zlib"]);
const OLD_MS = 30 * 24 * 3600_000;
/** V8 lets the place for new objects grow to 32 MB in a build that needs 2: a collection more costs less than that. */
const SMALL_NURSERY = "--semi-space-growth-factor=1";
const USUAL_NURSERY = "--semi-space-growth-factor=2";
/** The optimizing compiler takes megabytes, and in a build of a small app more time than it saves: it has to wait for a long run. */
const NOT_OPTIMIZING = "--no-opt";
const OPTIMIZING = "--opt";
/** CPU time of this process, in milliseconds, and how often it is looked at. */
const LONG_RUN_MS = 1_200;
const LOOK_MS = 300;
/** What a module reads from the environment as it is loaded. The parser's allocator keeps what is free, unless it is told. */
const LOADED_WITH = { "oxc-parser": { MIMALLOC_PURGE_DELAY: "0" } };

/** The exports of a chunk. @param from the pack to take it from, where no open one has it */
export function load(name, from) {
  const known = modules.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const holding = PACKS_OF[name];
  const pack = holding && (holding.find((one) => packs.has(one)) ?? from ?? holding[0]);
  const file = join(chunks, pack ? `${pack}.pack` : `${name}.cjs`);
  const run = pack ? openPack(pack, file).functions[name] : compile(file).runInThisContext();
  run(module.exports, requireChunk, module, (urls[file] ??= pathToFileURL(file).href));
  return module.exports;
}

function requireChunk(specifier) {
  if (!specifier.startsWith("./")) return LATE.has(specifier) ? late(() => outside(specifier)) : loadOutside(specifier);
  const name = specifier.slice(specifier.lastIndexOf("/") + 1, -3);
  return LATE_CHUNKS.includes(name) ? late(() => load(name)) : load(name);
}

function loadOutside(specifier) {
  const wanted = Object.entries(LOADED_WITH[specifier] ?? {}).filter(([name]) => process.env[name] === undefined);
  for (const [name, value] of wanted) process.env[name] = value;
  try {
    return outside(specifier);
  } finally {
    for (const [name] of wanted) delete process.env[name];
  }
}

/** A module as it will be: loaded when something of it is first asked for. */
function late(bring) {
  let module;
  const loaded = () => (module ??= bring());
  return new Proxy(
    {},
    {
      get: (_, name) => loaded()[name],
      has: (_, name) => name in loaded(),
      ownKeys: () => Reflect.ownKeys(loaded()),
      getOwnPropertyDescriptor: (_, name) => {
        const own = Object.getOwnPropertyDescriptor(loaded(), name);
        return own && { ...own, configurable: true };
      },
    },
  );
}
requireChunk.resolve = outside.resolve;

function compile(filename, cachedData) {
  return new Script(readFileSync(filename, "latin1"), { filename, cachedData });
}

function openPack(name, file) {
  let pack = packs.get(name);
  if (!pack) {
    const kept = readCode(name);
    // A code cache is good for runs with the same flags.
    setUsualFlags();
    const script = compile(file, kept?.code);
    // V8 refuses what another version, other flags or another CPU made.
    const kinds = kept && !script.cachedDataRejected ? kept.kinds : [];
    pack = { script, kinds, functions: script.runInThisContext() };
    packs.set(name, pack);
    if (packs.has("work")) setFrugalFlags();
  }
  return pack;
}

let isLongRun = false;
let looking;

function setFrugalFlags() {
  setFlagsFromString(SMALL_NURSERY);
  if (isLongRun) return;
  setFlagsFromString(NOT_OPTIMIZING);
  if (looking) return;
  looking = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if (user + system >= LONG_RUN_MS * 1000) optimize();
  }, LOOK_MS).unref();
  // Who knows beforehand says so.
  process.once(LONG_RUN, optimize);
}

function optimize() {
  isLongRun = true;
  setFlagsFromString(OPTIMIZING);
  clearInterval(looking);
}

function setUsualFlags() {
  for (const flag of [USUAL_NURSERY, OPTIMIZING]) setFlagsFromString(flag);
}

const codeDir = () => join(cacheDir(), "code");
const codeFile = (name) => join(codeDir(), `${name}-${STAMPS[name]}-node-${process.version}-${process.arch}`);

/** A line of JSON, then V8's own bytes. Nothing of a file that another user could have written, or that was damaged. */
function readCode(name) {
  let descriptor;
  try {
    descriptor = openSync(codeFile(name), "r");
    const { uid, mode } = fstatSync(descriptor);
    if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined;
    const bytes = readFileSync(descriptor);
    const end = bytes.indexOf(10);
    const { kinds, sha1 } = JSON.parse(bytes.toString("latin1", 0, end));
    const code = bytes.subarray(end + 1);
    return createHash("sha1").update(code).digest("hex") === sha1 ? { kinds, code } : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Keeps what V8 has compiled in this run, for the next one. A kind of run is some words, of which the first is the command's;
 * once it is known, nothing is written any more.
 */
export function keepCode(kind) {
  if (process.execArgv.length > 0) return;
  setUsualFlags();
  const whole = new Set();
  for (const next of NEXT_KINDS[kind.split(" ")[0]] ?? [])
    for (const name of PACKS_OF_KIND[next]) {
      const { kinds } = packs.get(name) ?? readCode(name) ?? { kinds: [] };
      if (kinds.includes(next)) continue;
      keepWhole(name, [...kinds, kind, next]);
      whole.add(name);
    }
  for (const [name, { script, kinds }] of packs)
    if (!whole.has(name) && !kinds.includes(kind) && kinds.length < KINDS_LIMIT)
      writeCode(name, script, [...kinds, kind]);
}

/** All of a pack, compiled before a run of its kind has asked for it: the first one is as fast as any other. */
function keepWhole(name, kinds) {
  const file = join(chunks, `${name}.pack`);
  setFlagsFromString("--no-lazy");
  // Under another name: what was compiled of it before would come back as it is.
  const script = new Script(readFileSync(file, "latin1"), { filename: `${file} whole` });
  setFlagsFromString("--lazy");
  writeCode(name, script, kinds);
}

function writeCode(name, script, kinds) {
  const file = codeFile(name);
  const { threadId } = require("node:worker_threads");
  const temporary = `${file}.${process.pid}.${threadId}.tmp`;
  try {
    const code = script.createCachedData();
    const sha1 = createHash("sha1").update(code).digest("hex");
    mkdirSync(codeDir(), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify({ kinds, sha1 })}\n`, { mode: 0o600 });
    writeFileSync(temporary, code, { flag: "a" });
    renameSync(temporary, file);
    removeOld(name);
  } catch {
    // A cache that cannot be written costs time, nothing else.
    rmSync(temporary, { force: true });
  }
}

/** What other versions of knbuild or of Node kept and nobody has written since. */
function removeOld(name) {
  for (const other of readdirSync(codeDir())) {
    const path = join(codeDir(), other);
    if (other.startsWith(`${name}-`) && Date.now() - statSync(path).mtimeMs > OLD_MS) rmSync(path, { force: true });
  }
}
