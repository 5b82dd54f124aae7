/**
 * Which Node runs the app. Sources in order of precedence: project.toml's BP_NODE_VERSION, .nvmrc, .node-version, .tool-versions, mise.toml, volta,
 * devEngines.runtime, engines.node; without any of them, as evidence, the FROM line of a Dockerfile, then a CI file. The first one decides, the
 * others must allow it (a warning says when they do not). The newest long-term-support base that it allows is taken, of
 * those that the locked packages allow: addons by their engines, others by node-limits.ts.
 */
import {
  asdfVersion,
  rangesIntersect as intersects,
  KnbuildError,
  miseVersion,
  type NodeBase,
  type PlanWarning,
  type Source,
  validRange,
} from "../../src/sdk.ts";
import type { Manifest } from "./manifest.ts";
import { nodeLimits } from "./node-limits.ts";

export interface VersionRequest {
  /** As written: `>=20`, `lts/jod`. */
  text: string;
  /** `package.json engines.node`. */
  from: string;
  /** A semver range; undefined: it cannot be read. */
  range: string | undefined;
  /** A hint (Dockerfile, CI) rather than a demand: when no base fits it, it is passed over. */
  weak: boolean;
  /** Of a locked package with an install script, an addon as a rule: what else is allowed, this chooses among. */
  addon?: boolean;
  /** What such a package uses and other releases do not have. */
  uses?: string;
}

export interface VersionChoice {
  base: NodeBase;
  evidence: string;
  warnings: PlanWarning[];
}

const CODENAMES: Record<string, number> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/** Everything in the tree that speaks of a Node version, in order of precedence. */
export function versionRequests(
  source: Source,
  manifest: Manifest | undefined,
  root: Source = source,
): VersionRequest[] {
  const found: VersionRequest[] = [];
  const add = (text: string | undefined, from: string, weak = false) => {
    const clean = text?.trim();
    if (clean) found.push({ text: clean, from, range: toRange(clean), weak });
  };
  const variables = { ...root.descriptor()?.env, ...source.descriptor()?.env };
  for (const name of ["BP_NODE_VERSION", "GOOGLE_NODEJS_VERSION", "GOOGLE_RUNTIME_VERSION"])
    add(variables[name], `project.toml ${name}`);
  for (const file of [".nvmrc", ".node-version"])
    add(firstLine(source.read(file) ?? (root === source ? undefined : root.read(file))), file);
  const ofTools = <T>(read: (from: Source, ...names: string[]) => T) =>
    read(source, "nodejs", "node") ?? (root === source ? undefined : read(root, "nodejs", "node"));
  add(ofTools(asdfVersion), ".tool-versions");
  const mise = ofTools(miseVersion);
  add(mise?.text, mise?.file ?? "");
  add(manifest?.volta["node"], "package.json volta.node");
  add(manifest?.devEngines.runtime?.find((spec) => spec.name === "node")?.version, "package.json devEngines.runtime");
  add(manifest?.engines["node"], "package.json engines.node");
  if (root !== source) add(rootEngine(root), "package.json engines.node of the workspace root");
  const from = /^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?(?:[\w.:-]+\/)*node:v?(\d+(?:\.\d+)*)/im.exec(
    source.read("Dockerfile") ?? "",
  );
  add(from?.[1], "Dockerfile FROM", true);
  for (const name of source.names(".github/workflows")) {
    const text = /\.ya?ml$/.test(name) ? source.read(`.github/workflows/${name}`) : undefined;
    add(
      /^\s*node-version:\s*["']?v?(\d+(?:\.[\dx]+)*)["']?\s*$/m.exec(text ?? "")?.[1],
      `.github/workflows/${name}`,
      true,
    );
  }
  const limits = nodeLimits(root, manifest, LOCK_LIMIT_BYTES).map(
    ({ package: from, node, uses }): VersionRequest => ({
      text: node,
      from,
      range: toRange(node),
      weak: true,
      addon: true,
      ...(uses !== undefined && { uses }),
    }),
  );
  return [...found, ...lockedAddons(root), ...limits];
}

const LOCK_LIMIT_BYTES = 64 * 1024 * 1024;

/** What packages with install scripts say of Node in npm's lock file. */
function lockedAddons(root: Source): VersionRequest[] {
  const text = root.isFile("package-lock.json") ? root.read("package-lock.json", LOCK_LIMIT_BYTES) : undefined;
  if (text === undefined || !/"hasInstallScript":\s*true/.test(text)) return [];
  let lock: {
    packages?: Record<
      string,
      { version?: string; dev?: boolean; hasInstallScript?: boolean; engines?: { node?: unknown } }
    >;
  };
  try {
    lock = JSON.parse(text);
  } catch {
    return []; // The installation says what is wrong with it.
  }
  return Object.entries(lock.packages ?? {}).flatMap(([path, entry]) => {
    const node = entry.engines?.node;
    if (!entry.hasInstallScript || entry.dev || typeof node !== "string" || !path.includes("node_modules/")) return [];
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const range = toRange(node);
    return range === undefined
      ? []
      : [{ text: node, from: `${name} ${entry.version}`, range, weak: true, addon: true }];
  });
}

/** @throws NODE_VERSION_UNREADABLE, NODE_VERSION_END_OF_LIFE, NODE_VERSION_UNAVAILABLE: each names the choices. */
export function chooseNode(asked: readonly VersionRequest[], bases: readonly NodeBase[]): VersionChoice {
  const requests = asked.map((request) => ({ ...request, range: request.range ?? linesBack(request.text, bases) }));
  const addons = requests.filter((request) => request.addon);
  const refused = (base: NodeBase) =>
    addons.find(({ range }) => range !== undefined && !intersects(range, `${base.major}.x`));
  const newest = [...bases].sort(
    (a, b) =>
      Number(refused(a) !== undefined) - Number(refused(b) !== undefined) ||
      Number(b.lts) - Number(a.lts) ||
      b.major - a.major,
  );
  const passedOver = [...bases].filter((base) => base.lts && base.major > (newest[0]?.major ?? 0)).map(refused)[0];
  const choices = `Node ${[...bases]
    .map((base) => base.major)
    .sort((a, b) => a - b)
    .join(", ")}`;
  const fallback = newest[0];
  if (!fallback)
    throw new KnbuildError({
      code: "NODE_VERSION_UNAVAILABLE",
      message: "no Node base image is known",
      hint: "Name a base image.",
    });
  const strong = requests.filter((request) => !request.weak);
  const decides = strong[0];
  if (!decides) {
    const hints = requests.filter((request) => !request.addon);
    for (const request of hints) {
      const base = newest.find(
        (candidate) => request.range !== undefined && intersects(request.range, `${candidate.major}.x`),
      );
      if (base) return { base, evidence: `Node ${base.major}: ${request.from} says ${request.text}`, warnings: [] };
    }
    const oldest = newest.reduce((old, base) => (base.major < old.major ? base : old));
    const ended = hints.find(({ range }) => range !== undefined && !intersects(range, `>=${oldest.major}.0.0`));
    if (ended)
      return {
        base: oldest,
        evidence: `Node ${oldest.major}: ${ended.from} says ${ended.text}, which has ended; the nearest that has not`,
        warnings: [],
      };
    return {
      base: fallback,
      evidence: passedOver
        ? `Node ${fallback.major}: the newest LTS that ${passedOver.from} allows (${passedOver.text})`
        : `Node ${fallback.major}: the newest LTS; nothing asks for another`,
      warnings: [],
    };
  }
  const range = decides.range;
  if (range === undefined) {
    throw new KnbuildError({
      code: "NODE_VERSION_UNREADABLE",
      message: `${decides.from} asks for Node ${JSON.stringify(decides.text)}, which is no version`,
      where: decides.from,
      hint: `Write a version or a range; to choose from: ${choices}.`,
    });
  }
  const allowed = newest.filter((base) => intersects(range, `${base.major}.x`));
  const agreed = allowed.find((base) =>
    strong.every((other) => other.range === undefined || intersects(other.range, `${base.major}.x`)),
  );
  const base = agreed ?? allowed[0];
  if (!base) {
    // Of the releases up to the newest, all that are not to choose from have ended: odd ones too.
    const old = intersects(range, `<${Math.max(...bases.map((known) => known.major))}.0.0-0`);
    throw new KnbuildError({
      code: old ? "NODE_VERSION_END_OF_LIFE" : "NODE_VERSION_UNAVAILABLE",
      message: old
        ? `${decides.from} asks for Node ${decides.text}, which is past its end of life`
        : `${decides.from} asks for Node ${decides.text}, for which there is no base image`,
      where: decides.from,
      hint: `To choose from: ${choices}. Change ${decides.from}, or name a base image that has that Node.`,
    });
  }
  const warnings = strong
    .filter((other) => other !== decides && other.range !== undefined && !intersects(other.range, `${base.major}.x`))
    .map((other) => ({
      code: "NODE_VERSION_CONFLICT",
      message: `${decides.from} says ${decides.text}, ${other.from} says ${other.text}: Node ${base.major} is taken`,
      where: other.from,
      hint: "Make both say the same.",
    }));
  const fails = addons.find(
    ({ uses, range: has }) => uses !== undefined && has !== undefined && !intersects(has, `${base.major}.x`),
  );
  if (fails)
    warnings.push({
      code: "NODE_API_REMOVED",
      message: `${fails.from} uses ${fails.uses}, which Node ${base.major} does not have: it fails when it is loaded`,
      where: decides.from,
      hint: `Update it, or allow Node ${fails.text} in ${decides.from}.`,
    });
  return {
    base: atVersion(base, range),
    evidence: `Node ${base.major}: ${decides.from} says ${decides.text}`,
    warnings,
  };
}

/** `debian13-node22@22.11.0` where the range does not allow whatever release of the major is the newest. */
function atVersion(base: NodeBase, range: string): NodeBase {
  const open = intersects(range, `>=${base.major}.999.0 <${base.major + 1}.0.0-0`);
  return open ? base : { ...base, ref: `${base.ref}@${range.replace(/\s+/g, " ")}` };
}

/** Anything that people write where a version is expected, as a semver range. */
export function toRange(text: string): string | undefined {
  const word = text
    .toLowerCase()
    .replace(/^v(?=\d)/, "")
    .trim();
  if (["node", "stable", "latest", "current", "lts", "lts/*", "*", "x", "system"].includes(word)) return "*";
  const codename = CODENAMES[word.replace(/^lts[/-]/, "")];
  if (codename) return `${codename}.x`;
  const clean = word
    .replace(/^node[@\s-]?v?(?=\d)/, "")
    .replace(/\bv(?=\d)/g, "")
    .replace(/^(\d+(?:\.[\dx*]+)*)\s*(?:\+|and (?:up|above|later|newer)|or (?:higher|above|later|newer))$/, ">=$1")
    .replace(/(\d)\s*(?:,|&&)\s*(?=[<>=~^\d])/g, "$1 ")
    .replace(/^(\d+(?:\.[x*])*)-(?=\d+(?:\.[x*])*$)/, "$1 - ");
  return validRange(clean, { loose: true }) ?? undefined;
}

/** nvm's `lts/-1`: the line of long-term support before the newest one, which only the bases tell. */
function linesBack(text: string, bases: readonly NodeBase[]): string | undefined {
  const lines = /^lts\/-(\d)$/i.exec(text)?.[1];
  const newest = Math.max(...bases.filter((base) => base.lts).map((base) => base.major));
  return lines === undefined || !Number.isFinite(newest) ? undefined : `${newest - 2 * Number(lines)}.x`;
}

function rootEngine(root: Source): string | undefined {
  const json = root.readJson("package.json") as { engines?: { node?: unknown } } | undefined;
  const node = json?.engines?.node;
  return typeof node === "string" ? node : undefined;
}

function firstLine(text: string | undefined): string | undefined {
  return text
    ?.split(/\r?\n/)
    .map((line) => line.replace(/#.*/, "").trim())
    .find((line) => line !== "");
}
