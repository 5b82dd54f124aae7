/** A client that the app's own server serves, and that only a script of another name than `build` makes. */
import { posix } from "node:path";
import type { PlanWarning, ServerLook } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { simpleCommands } from "./words.ts";

const MAKES_CLIENT = /^(?:npx )?(?:ng build|vite build|react-scripts build|vue-cli-service build)\b(?!.*--watch\b)/;
const SERVES = /\bstatic\s*\(|\bserveStatic\b|\bsendFile\s*\(|\bfastifyStatic\b|@fastify\/static|koa-static/;
const FOLDER = /["'`/.](?:\.{0,2}\/)*((?:[\w-]+\/)*(?:dist|build)(?:\/[\w-]+)*)\/?(?:index\.html)?["'`]/g;

export function unbuiltClient(app: App, look: ServerLook | undefined): PlanWarning[] {
  if (app.build || !look) return [];
  const script = Object.entries(app.manifest?.scripts ?? {}).find(
    ([name, line]) => name !== "start" && simpleCommands(line).some(({ words }) => MAKES_CLIENT.test(words.join(" "))),
  );
  if (!script) return [];
  for (const file of look.files) {
    const text = app.source.read(file) ?? "";
    const folder = SERVES.test(text) ? absentFolder(app, file, text) : undefined;
    if (folder === undefined) continue;
    const [name, line] = script;
    return [
      {
        code: "CLIENT_NOT_BUILT",
        message: `${file} serves ${folder}/, which is not there, and package.json has no build script that makes it`,
        hint: `scripts.${name} (${line}) may: call it from a script named "build", or give it as \`build\` in knbuild.yaml.`,
      },
    ];
  }
  return [];
}

/** The folder that the text names and that lies neither beside the file nor at the root. */
function absentFolder({ source }: App, file: string, text: string): string | undefined {
  const there = (folder: string) => source.exists(folder) || source.exists(posix.join(posix.dirname(file), folder));
  return [...text.matchAll(FOLDER)].map((match) => match[1] as string).find((folder) => !there(folder));
}
