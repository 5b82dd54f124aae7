/** Makes esbuild's output independent of the machine: names of stubs in comments, sources in maps. */
import { relative, resolve } from "node:path";

export interface OwnOutput {
  /** Path relative to the root, `src/server.js`. */
  path: string;
  code: Uint8Array;
  map: Uint8Array | undefined;
}

export interface RawOutput {
  /** Relative to the root (as in the image). */
  path: string;
  bytes: Uint8Array;
}

/**
 * @param root the directory that esbuild ran in
 * @param outdir where esbuild believes the output lies
 * @param stubs the directory of the stubs
 */
export function normalizeOutputs(raw: RawOutput[], root: string, outdir: string, stubs: string): OwnOutput[] {
  const prefix = `${relative(root, stubs)}/`;
  const outputs: OwnOutput[] = [];
  for (const file of raw) {
    if (file.path.endsWith(".map")) continue;
    const map = raw.find((other) => other.path === `${file.path}.map`);
    const text = Buffer.from(file.bytes).toString("utf8").replaceAll(prefix, "third-party/");
    outputs.push({
      path: file.path,
      code: Buffer.from(text),
      map: map && Buffer.from(normalizeMap(Buffer.from(map.bytes).toString("utf8"), file.path, root, outdir, stubs)),
    });
  }
  return outputs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function normalizeMap(text: string, path: string, root: string, outdir: string, stubs: string): string {
  const map = JSON.parse(text) as { sources: string[]; [key: string]: unknown };
  const here = resolve(outdir, path, "..");
  const there = resolve(root, path, "..");
  map.sources = map.sources.map((source) => {
    const absolute = resolve(here, source);
    if (absolute.startsWith(`${stubs}/`)) return `third-party/${absolute.slice(stubs.length + 1)}`;
    return relative(there, absolute);
  });
  return JSON.stringify(map);
}
