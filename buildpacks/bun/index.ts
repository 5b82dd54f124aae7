/** Bun: programs that only Bun runs. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "bun",
  summary: "Bun: programs that only Bun runs.",
  what: "a Bun program",
  detect,
});

interface Manifest {
  main?: string;
  module?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  engines?: Record<string, string>;
  packageManager?: string;
}

const NAMES = ["index", "src/index", "server", "src/server", "app", "src/app", "main", "src/main"].flatMap((name) =>
  ["ts", "tsx", "js"].map((type) => `${name}.${type}`),
);
const NATIVE = /\bBun\.(?:serve|file|env|sql|password|listen)\b|from ["']bun(?::[a-z]+)?["']/;

function detect(source: Source): Detection | null {
  const locked = ["bun.lock", "bun.lockb", "bunfig.toml"].filter((file) => source.isFile(file));
  const manifest = (source.isFile("package.json") ? source.readJson("package.json") : {}) as Manifest;
  const { start = "", serve = "" } = manifest.scripts ?? {};
  // `bun src/index.ts` and `bun run src/index.ts`, not `bun run build`.
  const started = /^(?:\w+=\S+\s+)*bun\s+(?:--\S+\s+)*(?:run\s+)?(?:--\S+\s+)*(?:\.\/)?([\w./-]+\.[cm]?[jt]sx?)\b/.exec(
    start || serve,
  )?.[1];
  const named = [started, manifest.module, manifest.main].filter(
    (file): file is string => file !== undefined && source.isFile(file),
  );
  const entry = [...named, ...NAMES].find((file) => source.isFile(file)) ?? null;
  // Comments tell of other runtimes too; and what the project itself starts with node is for Node, whatever else it runs on.
  const text = (entry === null ? "" : source.script(entry)).replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, "");
  const elysia = manifest.dependencies?.["elysia"] !== undefined;
  const native = NATIVE.test(text) && !/^(?:\w+=\S+\s+)*(?:node|tsx|ts-node)\s/.test(start);
  // With a lock file alone Node runs it as well: that is the Node buildpack's.
  const only =
    native ||
    (elysia && !/@elysiajs\/node/.test(text)) ||
    // What a module exports is served by Bun alone.
    (started !== undefined && locked.length > 0 && /(?:^|;)\s*export default\b/m.test(text));
  if (entry === null || !only) return null;
  return {
    score: 93,
    evidence: [
      ...locked,
      ...(started === undefined ? [] : [`package.json: start ${start || serve}`]),
      ...(native ? [`${entry}: Bun's own interfaces`] : []),
      ...(elysia ? ["package.json: elysia"] : []),
    ],
    language: "bun",
    runtimeVersion:
      source.read(".bun-version")?.trim() ??
      toolVersion(source, "bun") ??
      /^bun@([\d.]+)/.exec(manifest.packageManager ?? "")?.[1] ??
      manifest.engines?.["bun"] ??
      null,
    packageManager: "bun",
    framework: elysia ? "elysia" : manifest.dependencies?.["hono"] === undefined ? null : "hono",
    entrypoint: entry,
  };
}
