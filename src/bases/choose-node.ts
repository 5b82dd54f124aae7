/** Which base a Node app gets: the newest long-term-support release that it allows. */
import { type KnbuildError, usageError } from "../base/errors.ts";
import { BASES } from "./catalogue.ts";
import type { BaseDefinition, NodeRuntime } from "./definition.ts";

export interface ChosenBase {
  /** For `PlanBase.ref`: an id, with `@range` where the newest release of that major is more than the app allows. */
  ref: string;
  id: string;
  major: number;
  /** Why, for people. */
  reason: string;
  /** Set when support ends within 90 days, or the release is not yet a long-term one. */
  warning?: string;
}

/** End of life of the majors that no base has any more, to say more than "unknown": the Node.js release schedule. */
const ENDED: Readonly<Record<number, string>> = {
  12: "2022-04-30",
  14: "2023-04-30",
  16: "2023-09-11",
  18: "2025-04-30",
  19: "2023-06-01",
  20: "2026-04-30",
  21: "2024-06-01",
  23: "2025-06-01",
  25: "2026-06-01",
};

type NodeBase = BaseDefinition & { runtime: NodeRuntime };

/**
 * @param range what the app says (`engines.node`, `.nvmrc`, …): a semver range, `v22`, `22`, `lts/*`, `lts/jod`, `node`;
 *   undefined, `*` and the like: anything goes
 * @throws NODE_VERSION_INVALID, NODE_VERSION_END_OF_LIFE, NODE_VERSION_UNSUPPORTED, each with the choices in its hint
 */
export async function chooseNodeBase(
  range: string | undefined,
  options: { now?: Date; where?: string | undefined } = {},
): Promise<ChosenBase> {
  const today = (options.now ?? new Date()).toISOString().slice(0, 10);
  const nodeBases = BASES.filter((base): base is NodeBase => base.runtime !== undefined).sort(
    (a, b) => b.runtime.major - a.runtime.major,
  );
  const living = nodeBases.filter(({ runtime }) => runtime.released <= today && today <= runtime.endOfLife);
  const isLts = ({ runtime }: NodeBase) => runtime.longTermSupport <= today;
  const ordered = [...living.filter(isLts), ...living.filter((base) => !isLts(base))];
  const wanted = normalizeRange(range);
  if (wanted === undefined) {
    const first = ordered[0] ?? (nodeBases[0] as NodeBase);
    return chosen(first, today, first.id, "the newest long-term-support release");
  }
  const semver = (await import("semver")).default;
  if (semver.validRange(wanted) === null) {
    throw usageError(
      "NODE_VERSION_INVALID",
      `not a Node version or range: ${JSON.stringify(range)}`,
      choices(ordered),
      options.where,
    );
  }
  for (const base of ordered) {
    const { major } = base.runtime;
    if (!semver.intersects(wanted, `${major}.x`)) continue;
    // Open at the top within the major: whatever release is newest will do. Else the range goes along.
    const open = semver.intersects(wanted, `>=${major}.999.0 <${major + 1}.0.0-0`);
    return chosen(base, today, open ? base.id : `${base.id}@${wanted}`, `the app allows ${range}`);
  }
  throw impossible(range as string, wanted, semver, ordered, nodeBases, today, options.where);
}

/** The aliases of nvm and its relatives as ranges; undefined for "any". */
function normalizeRange(range: string | undefined): string | undefined {
  const text = (range ?? "").trim().replace(/^node[-@]?(?=v?\d)/i, "");
  if (/^(?:|\*|x|latest|lts|lts\/\*|lts\/-0|node|current|stable|system)$/i.test(text)) return undefined;
  const name = /^(?:lts\/)?([a-z]+)$/i.exec(text)?.[1]?.toLowerCase();
  return (name !== undefined && LTS_NAMES[name]) || text;
}

const LTS_NAMES: Readonly<Record<string, string>> = {
  erbium: "12.x",
  fermium: "14.x",
  gallium: "16.x",
  hydrogen: "18.x",
  iron: "20.x",
  jod: "22.x",
  krypton: "24.x",
};

function chosen(base: NodeBase, today: string, ref: string, reason: string): ChosenBase {
  const { major, endOfLife, longTermSupport } = base.runtime;
  const daysLeft = (Date.parse(endOfLife) - Date.parse(today)) / 86_400_000;
  const warning =
    daysLeft <= 90
      ? `Node.js ${major} gets no fixes after ${endOfLife}`
      : today < longTermSupport
        ? `Node.js ${major} is no long-term-support release before ${longTermSupport}`
        : undefined;
  return { ref, id: base.id, major, reason, ...(warning !== undefined && { warning }) };
}

function impossible(
  range: string,
  wanted: string,
  semver: typeof import("semver"),
  ordered: readonly NodeBase[],
  known: readonly NodeBase[],
  today: string,
  where: string | undefined,
): KnbuildError {
  const ended = { ...ENDED };
  for (const { runtime } of known) if (runtime.endOfLife < today) ended[runtime.major] = runtime.endOfLife;
  const match = Object.entries(ended)
    .reverse()
    .find(([major]) => semver.intersects(wanted, `${major}.x`));
  if (match) {
    return usageError(
      "NODE_VERSION_END_OF_LIFE",
      `the app asks for Node.js ${range}: Node.js ${match[0]} got its last fixes on ${match[1]}`,
      choices(ordered),
      where,
    );
  }
  return usageError(
    "NODE_VERSION_UNSUPPORTED",
    `no base has a Node.js that satisfies ${range}`,
    choices(ordered),
    where,
  );
}

function choices(ordered: readonly NodeBase[]): string {
  const list = ordered.map(({ runtime, id }) => `${runtime.major} (${id}, until ${runtime.endOfLife})`);
  return `Ask for one of these: ${list.join(", ")}; or name a base image that has the version.`;
}
