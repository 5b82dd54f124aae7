/** How esbuild is told to bundle the app's own code: one set of options for its JavaScript API and for its binary. */
import { createRequire } from "node:module";
import { join } from "node:path";

export interface OwnOptions {
  /** Real path; esbuild's working directory, so that names in the output do not depend on the machine. */
  root: string;
  /** Files that become bundles, relative to the root; the first is the one that node starts. */
  entries: string[];
  format: "esm" | "cjs";
  outExtension: ".js" | ".mjs" | ".cjs";
  nodeTarget: string;
  minify: boolean;
  sourcemap: boolean;
  /** Where the output would go; relative paths in source maps are counted from here. */
  outdir: string;
}

const REQUIRE_BANNER =
  'import { createRequire as __kn_createRequire } from "node:module"; const require = __kn_createRequire(import.meta.url);';

export function apiOptions(own: OwnOptions) {
  return {
    absWorkingDir: own.root,
    entryPoints: own.entries.map((entry) => `./${entry}`),
    bundle: true,
    platform: "node" as const,
    target: `node${own.nodeTarget}`,
    format: own.format,
    outdir: own.outdir,
    outbase: own.root,
    outExtension: { ".js": own.outExtension },
    conditions: ["node"],
    mainFields: ["main"],
    keepNames: true,
    minify: own.minify,
    charset: "utf8" as const,
    legalComments: "none" as const,
    ignoreAnnotations: true,
    logLevel: "silent" as const,
    ...(own.sourcemap ? { sourcemap: "linked" as const, sourcesContent: false } : {}),
    ...(own.format === "esm" ? { banner: { js: REQUIRE_BANNER } } : {}),
  };
}

export function binaryArguments(own: OwnOptions): string[] {
  return [
    ...own.entries.map((entry) => `./${entry}`),
    "--bundle",
    "--platform=node",
    `--target=node${own.nodeTarget}`,
    `--format=${own.format}`,
    `--outdir=${own.outdir}`,
    `--outbase=${own.root}`,
    `--out-extension:.js=${own.outExtension}`,
    "--conditions=node",
    "--main-fields=main",
    "--keep-names",
    ...(own.minify ? ["--minify"] : []),
    "--charset=utf8",
    "--legal-comments=none",
    "--ignore-annotations",
    "--log-level=error",
    "--color=false",
    "--log-limit=5",
    ...(own.sourcemap ? ["--sourcemap=linked", "--sources-content=false"] : []),
    ...(own.format === "esm" ? [`--banner:js=${REQUIRE_BANNER}`] : []),
  ];
}

/** The program itself: starting it costs less than loading its JavaScript API. Undefined where only the latter is there. */
export function esbuildBinary(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    const manifest = createRequire(require.resolve("esbuild")).resolve(
      `@esbuild/${process.platform}-${process.arch}/package.json`,
    );
    return join(manifest, process.platform === "win32" ? "../esbuild.exe" : "../bin/esbuild");
  } catch {
    return undefined;
  }
}
