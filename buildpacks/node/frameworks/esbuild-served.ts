/** Pages that esbuild's own server shows with what it bundles for them: the start script says how they are built. */
import { posix } from "node:path";
import type { App } from "../app.ts";
import type { Framework } from "../framework.ts";

const FOLDER = /^--servedir=(.+)$/;
const SERVES = /^--(?:serve(?:dir|-fallback)?|watch(?:-delay)?)(?:=|$)/;

export default {
  id: "esbuild-served",
  detect(app) {
    const folder = servedFolder(app);
    if (folder === undefined || app.build || !app.source.isFile(posix.join(folder, "index.html"))) return undefined;
    return [`${app.start?.from}: esbuild --servedir=${folder}`, posix.join(folder, "index.html")];
  },
  plan(app) {
    return {
      start: { static: posix.normalize(servedFolder(app) ?? "."), spa: false },
      evidence: "esbuild bundles for the pages that its server shows",
      build: { command: ["esbuild", ...(app.start?.args ?? []).filter((arg) => !SERVES.test(arg))], outputs: [] },
    };
  },
} satisfies Framework;

function servedFolder({ start }: App): string | undefined {
  if (start?.kind !== "tool" || start.target !== "esbuild") return undefined;
  return start.args.map((arg) => FOLDER.exec(arg)?.[1]).find((folder) => folder !== undefined);
}
