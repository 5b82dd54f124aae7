import { BASES } from "../../bases/catalogue.ts";
import { type LockedBase, lockKey, parseLockKey, readLock } from "../../bases/lock.ts";
import { type ResolvedBase, resolveBase, updateBase } from "../../bases/resolve.ts";
import { nodeBases } from "../../pipeline/node-bases.ts";
import { addBaseOptions, type BaseCommandOptions, readBaseOptions } from "../base-options.ts";
import { type CliContext, defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";

export default defineCommand({
  usage: "base",
  summary: "Show, pin and update the base images that apps are built on",
  examples: [
    "knbuild base list",
    "knbuild base show debian13-node24 --package libvips42t64",
    "knbuild base lock",
    "knbuild base update",
  ],
  subcommands: [
    {
      usage: "list",
      summary: "The bases that come with knbuild, and how long they get fixes",
      examples: ["knbuild base list --json"],
      async run(_args, _flags, context) {
        const chosen = nodeBases().sort((a, b) => Number(b.lts) - Number(a.lts) || b.major - a.major)[0]?.ref;
        const rows = BASES.map(({ id, summary, suite, runtime, endOfLife, fallback }) => ({
          id,
          summary,
          suite,
          ...(runtime && { node: runtime.major }),
          endOfLife,
          default: id === chosen,
          fallback,
        }));
        if (context.json) context.printJson(rows);
        else {
          const cells = rows.map((row) => [
            row.id,
            row.summary,
            `fixes until ${row.endOfLife}`,
            row.default ? "default for Node apps" : "",
          ]);
          context.print(formatTable(cells));
        }
        return 0;
      },
    },
    {
      usage: "show [base]",
      summary: "What a base is made of: packages, versions, runtime",
      examples: ["knbuild base show", "knbuild base show debian13-static --json"],
      configure: addBaseOptions,
      run: ([name], flags, context) =>
        withOptions(flags, context, async (base) => {
          const wish = await readWish(name as string | undefined, base, context);
          const locked = readLock(base.options.lockFile);
          // Showing writes nothing: without an entry in the lock file the pin of the cache serves.
          const { lockFile, ...unlocked } = base.options;
          const entry = locked?.bases[wish.key] ?? locked?.references[wish.ref];
          const options = entry ? { ...base.options, lockMode: "frozen" as const } : unlocked;
          show(
            await resolveBase(wish.ref, { ...options, packages: wish.packages }),
            entry ? lockFile : undefined,
            context,
          );
          return 0;
        }),
    },
    {
      usage: "lock [base]",
      summary: "Pin the base of this project in knbuild.lock",
      examples: ["knbuild base lock", "knbuild base lock debian13-node24", "knbuild base lock -C services/api"],
      configure: addBaseOptions,
      run: ([name], flags, context) =>
        withOptions(flags, context, async (base) => {
          const wish = await readWish(name as string | undefined, base, context);
          const found = await resolveBase(wish.ref, { ...base.options, packages: wish.packages });
          const { lockFile } = base.options;
          if (context.json) context.printJson({ lockFile, changed: found.lockChanged, ...summary(found) });
          else context.print(`${lockFile}: ${wish.key} ${found.lockChanged ? "pinned" : "is pinned already"}`);
          return 0;
        }),
    },
    {
      usage: "update [base]",
      summary: "Take the newest packages and runtime, and pin them in knbuild.lock",
      examples: ["knbuild base update", "knbuild base update debian13-node24"],
      configure: addBaseOptions,
      run: ([name], flags, context) =>
        withOptions(flags, context, async (base) => {
          const lock = readLock(base.options.lockFile);
          const keys = [...Object.keys(lock?.bases ?? {}), ...Object.keys(lock?.references ?? {})];
          const wishes =
            name === undefined && keys.length > 0
              ? keys.map((key) => ({ key, ...parseLockKey(key) }))
              : [await readWish(name as string | undefined, base, context)];
          const reports: { key: string; changes: string[] }[] = [];
          for (const { key, ref, packages } of wishes) {
            const before = lock?.bases[key];
            const { base: found } = await updateBase(ref, { ...base.options, packages });
            const changes =
              found.kind === "assembled"
                ? differences(before, found.locked)
                : [lock?.references[ref]?.digest === found.digest ? "" : `now ${found.digest}`].filter(Boolean);
            reports.push({ key, changes });
            if (context.json) continue;
            context.print(`${key}: ${changes.length === 0 ? "nothing newer" : ""}`.trimEnd());
            for (const line of changes) context.print(`  ${line}`);
          }
          if (context.json) context.printJson({ lockFile: base.options.lockFile, bases: reports });
          return 0;
        }),
    },
  ],
});

async function withOptions(
  flags: Record<string, unknown>,
  context: CliContext,
  task: (base: BaseCommandOptions) => Promise<number>,
): Promise<number> {
  const base = await readBaseOptions(flags, context);
  try {
    return await task(base);
  } finally {
    base.close();
  }
}

/** What was named; else what the app of the directory would be built on. */
async function readWish(
  name: string | undefined,
  { dir, packages }: BaseCommandOptions,
  context: CliContext,
): Promise<{ key: string; ref: string; packages: string[] }> {
  if (name !== undefined) return { key: lockKey(name, packages), ref: name, packages };
  const [{ plan }, { optionsOf }] = await Promise.all([
    import("../../pipeline/plan.ts"),
    import("../../pipeline/plan-options.ts"),
  ]);
  const options = optionsOf(dir, {}, context.cwd, context.env);
  const { base } = plan({ source: dir, options, nodeBases: nodeBases() });
  const all = [...new Set([...base.packages, ...packages])];
  return { key: lockKey(base.ref, all), ref: base.ref, packages: all };
}

function show(base: ResolvedBase, lockFile: string | undefined, context: CliContext): void {
  if (context.json) {
    context.printJson({ ...summary(base), ...(lockFile !== undefined && { lockFile }) });
    return;
  }
  const rows: string[][] = [
    ["base", base.kind === "assembled" ? `${base.id} (${base.definition.summary})` : base.ref],
    ["digest", base.digest],
  ];
  if (base.kind === "assembled") {
    const { node, locked, config, definition } = base;
    if (node) rows.push(["node", `${node.version} at ${node.path}`]);
    rows.push(["archive", `Debian ${locked.suite} of ${locked.snapshot}`]);
    rows.push(["user", config.User ?? ""], ["fixes until", definition.endOfLife]);
  }
  rows.push(["pinned in", lockFile ?? "nothing: knbuild base lock pins it"]);
  context.print(formatTable(rows));
  if (base.kind === "reference") return;
  for (const { id, packages } of base.locked.layers) {
    context.print("");
    context.print(context.style("bold", id));
    context.print(
      formatTable(
        packages.map(({ name, version, size }) => [name, version, formatBytes(size)]),
        "  ",
      ),
    );
  }
}

function summary(base: ResolvedBase): Record<string, unknown> {
  const { kind, ref, digest } = base;
  if (base.kind === "reference") return { kind, ref, digest, manifest: base.manifest };
  const { id, node, glibc, config, locked } = base;
  return {
    kind,
    ref,
    digest,
    id,
    node,
    glibc,
    config,
    snapshot: locked.snapshot,
    suite: locked.suite,
    layers: locked.layers,
  };
}

/** `libc6 2.41-12 → 2.41-13`, `libfoo1 1.0 added`, `node 24.20.0 → 24.21.0`. */
function differences(before: LockedBase | undefined, after: LockedBase): string[] {
  const versions = (base: LockedBase | undefined) =>
    new Map([
      ...(base?.layers.flatMap(({ packages }) => packages.map(({ name, version }) => [name, version] as const)) ?? []),
      ...(base?.node ? [["node", base.node.version] as const] : []),
    ]);
  const [old, now] = [versions(before), versions(after)];
  const lines = [...now].flatMap(([name, version]) => {
    const previous = old.get(name);
    if (previous === version) return [];
    return [previous === undefined ? `${name} ${version} added` : `${name} ${previous} → ${version}`];
  });
  for (const name of old.keys()) if (!now.has(name)) lines.push(`${name} removed`);
  return lines;
}
