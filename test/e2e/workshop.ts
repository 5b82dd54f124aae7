/** What the end-to-end tests share: one program, one cache (the base is assembled once), copies of the examples. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packageRoot } from "../../src/base/package-root.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";
import { useOwnPodmanStorage } from "../support/podman.ts";

export interface Workshop {
  knbuild: Knbuild;
  /** Everything below is removed at the end. */
  root: string;
  /** A fresh directory. */
  dir(name: string): string;
  /** A fresh copy of an example, without what an install may have left in it. */
  example(name: string): string;
  /** A fresh cache that has what bases are fetched from, and nothing that was made of it: the dearest part, proved elsewhere. */
  cacheWithBases(): string;
  /** Until its end, builds and runs have a cache of their own, in which bases, tools and the store alone are the shared ones. */
  ownCache(): { end(): void };
  build(dir: string, ...args: string[]): Promise<BuildReport>;
  buildWith(env: Record<string, string>, dir: string, ...args: string[]): Promise<BuildReport>;
  close(): void;
}

export function openWorkshop(): Workshop {
  const root = mkdtempSync(join(tmpdir(), "knbuild-e2e-"));
  const knbuild = buildKnbuild();
  process.env["KNBUILD_CACHE_DIR"] ??= join(root, "cache");
  const removeStorage = useOwnPodmanStorage();
  let made = 0;
  function dir(name: string): string {
    const path = join(root, String(made++), name);
    mkdirSync(path, { recursive: true });
    return path;
  }
  async function buildWith(env: Record<string, string>, path: string, ...args: string[]): Promise<BuildReport> {
    const options = { timeoutMs: 300_000, env };
    const { code, stdout, stderr } = await knbuild.run(["build", path, "--json", ...args], options);
    if (code !== 0) throw new Error(`knbuild build ${path} ended with ${code}:\n${stderr}\n${stdout}`);
    return JSON.parse(stdout) as BuildReport;
  }
  return {
    knbuild,
    root,
    dir,
    example(name) {
      const path = dir(name);
      const filter = (source: string) => !/[\\/](node_modules|knbuild\.lock)$/.test(source);
      cpSync(join(packageRoot(), "examples", name), path, { recursive: true, filter });
      return path;
    },
    cacheWithBases() {
      const cache = dir("cache");
      // Others may be fetching: what is not finished yet is under a name of its own.
      const isWhole = (path: string) => !/^\.|\.\d+\.\w+(?:\.json)?$/.test(basename(path));
      cpSync(join(process.env["KNBUILD_CACHE_DIR"] as string, "bases"), join(cache, "bases"), {
        recursive: true,
        filter: isWhole,
      });
      return cache;
    },
    ownCache() {
      const shared = process.env["KNBUILD_CACHE_DIR"] as string;
      const cache = dir("cache");
      for (const room of ["bases", "store", "tools"]) {
        mkdirSync(join(shared, room), { recursive: true });
        symlinkSync(join(shared, room), join(cache, room));
      }
      process.env["KNBUILD_CACHE_DIR"] = cache;
      return {
        end() {
          process.env["KNBUILD_CACHE_DIR"] = shared;
          rmSync(cache, { recursive: true, force: true });
        },
      };
    },
    build: (path, ...args) => buildWith({}, path, ...args),
    buildWith,
    close() {
      removeStorage();
      knbuild.remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
