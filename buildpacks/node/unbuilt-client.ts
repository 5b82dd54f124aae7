/** A client that the app's own server serves, and that only a script of another name than `build` makes. */
import { posix } from "node:path";
import { blankComments, type PlanWarning, type ServerLook } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { simpleCommands } from "./words.ts";

const MAKES_CLIENT = /^(?:npx )?(?:ng build|vite build|react-scripts build|vue-cli-service build)\b(?!.*--watch\b)/;
const SERVES = /\bstatic\s*\(|\bserveStatic\b|\bsendFile\s*\(|\bfastifyStatic\b|@fastify\/static|koa-static/;
/** What stands behind it is a folder that is served, or a file of one. */
const SERVED = /\b(?:static|serveStatic|serve|sendFile)\s*\(\s*|\broot\s*:\s*/g;
const LITERAL = /"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`/.source;
const BASE = /__dirname|import\.meta\.dirname|process\.cwd\(\)/.source;
/** `path.join(__dirname, "../dist")`, `__dirname + "/dist"`, `"dist"`. */
const PLACE = new RegExp(
  `^(?:(?:(?:[\\w.]+|require\\([^()]*\\))\\.)?(join|resolve)\\(\\s*(?:(${BASE})\\s*,\\s*)?((?:${LITERAL})(?:\\s*,\\s*(?:${LITERAL}))*)\\s*,?\\s*\\)` +
    `|(?:(${BASE})\\s*\\+\\s*)?(${LITERAL})(?=\\s*(?:[,)};\\n]|$)))`,
);

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

/** The folder of a build that the text serves and that lies neither beside the file nor at the root. */
function absentFolder({ source }: App, file: string, text: string): string | undefined {
  const code = blankComments(text).replace(new RegExp(`\`\\$\\{(${BASE})\\}`, "g"), "$1 + `");
  for (const { index, 0: opening } of code.matchAll(SERVED)) {
    const written = code.slice(index + opening.length);
    const name = /^[\w$]+(?=\s*[,)}])/.exec(written)?.[0].replaceAll("$", "\\$");
    const [, given] = name ? (new RegExp(`\\b(?:const|let|var)\\s+${name}\\s*=\\s*([^]+)`).exec(code) ?? []) : [];
    const place = placeIn(given ?? written, posix.dirname(file));
    if (place && !source.exists(place.folder) && !source.exists(place.fromRoot)) return place.folder;
  }
  return undefined;
}

/** @returns the folder as the text means it, and as it is read from the root; undefined: none of a build's, or none of the app's */
function placeIn(text: string, directory: string): { folder: string; fromRoot: string } | undefined {
  const [, join, base = "", list = "", added = "", alone = ""] = PLACE.exec(text) ?? [];
  const parts = [...`${list}${alone}`.matchAll(new RegExp(LITERAL, "g"))].map(([literal]) => literal.slice(1, -1));
  const from = base || added;
  if ((from === "" || join === "resolve") && parts.some((part) => part.startsWith("/"))) return undefined;
  // Behind a folder a first slash is none of the root.
  const named = posix.join(...parts.map((part) => part.replace(/^\/+/, ""))).replace(/(?:^|\/)[^/]+\.\w+$|\/$/, "");
  const folder = posix.join(/dirname/.test(from) ? directory : ".", named);
  if (folder.startsWith("..") || !/(?:^|\/)(?:dist|build)(?:\/|$)/.test(named)) return undefined;
  return { folder, fromRoot: named };
}
