/** The layer of the runtime. What fetches it is loaded only when its entries are asked for. */
import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../base/digest.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import type { PlacedFile } from "./base-files.ts";
import type { BaseContext } from "./context.ts";
import type { NodeRuntime } from "./definition.ts";
import type { LockedNode } from "./lock.ts";
import { link } from "./root-files.ts";

/** Where node lies in the image: distroless's place, so that either base runs the same entrypoint. */
export const NODE_PATH = "/nodejs/bin/node";

const FORMAT = "node-layer-1";

/** The binary and its licence; headers, npm and the rest of the package stay out. */
export function nodeLayer(runtime: NodeRuntime, node: LockedNode, context: BaseContext): LayerSource {
  return {
    kind: "runtime",
    comment: `knbuild base node: ${runtime.package}@${node.version}`,
    cacheKey: `${FORMAT}:${sha256(`${runtime.package}@${node.version} ${node.integrity}`)}`,
    async *entries(): AsyncGenerator<TarEntry> {
      const { fetchNode } = await import("./node-runtime.ts");
      const dir = await fetchNode(runtime, node, context);
      yield fileOf(join(dir, "node"), "nodejs/bin/node", 0o755);
      yield fileOf(join(dir, "LICENSE"), "nodejs/LICENSE", 0o644);
      // For `#!/usr/bin/node` and for people who look there.
      yield link("usr/bin/node", NODE_PATH);
    },
  };
}

/** The binary on this machine, in knbuild's cache. @throws as `fetchNode` */
export async function nodeBinary(runtime: NodeRuntime, node: LockedNode, context: BaseContext): Promise<string> {
  const { fetchNode } = await import("./node-runtime.ts");
  return join(await fetchNode(runtime, node, context), "node");
}

function fileOf(source: string, path: string, mode: number): PlacedFile {
  const open = () => createReadStream(source, { highWaterMark: 1 << 18 });
  return {
    type: "file",
    path,
    mode,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: statSync(source).size,
    open,
    at: { path: source, offset: 0 },
  };
}
