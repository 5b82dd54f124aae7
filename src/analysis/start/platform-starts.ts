/** Files by which platforms are told how a program is started: the line of each that holds the command, which is its end. */

const QUOTED = String.raw`["']([^"'\n]+)(?=["'][ \t]*,?[ \t]*$)`;
const BARE = String.raw`(?!["'[|>&*])(\S.*)$`;

const LINES: readonly (readonly [RegExp, RegExp])[] = [
  [/^\.do\/[\w.-]+\.ya?ml$/, new RegExp(String.raw`^[ \t]*(?:- )?run_command:[ \t]*${BARE}`, "m")],
  [/(^|\/)Procfile$/, /^web:[ \t]*(.+)$/m],
  /** App Engine's, with the command that starts an instance: `entrypoint: gunicorn -b :$PORT main:app`. */
  [/(^|\/)app\.ya?ml$/, /^entrypoint:(?<=^runtime:[\s\S]*)[ \t]*(?!["'[|>])(.+)$/m],
  [/^heroku\.ya?ml$/, new RegExp(String.raw`^run:[ \t]*\n(?:[ \t]+\S.*\n)*?[ \t]+web:[ \t]*${BARE}`, "m")],
  [/^render\.ya?ml$/, new RegExp(String.raw`^[ \t]*startCommand:[ \t]*${BARE}`, "m")],
  [/^railway\.(?:toml|json)$/, new RegExp(String.raw`^[ \t]*"?startCommand"?[ \t]*[:=][ \t]*${QUOTED}`, "m")],
  [/^nixpacks\.toml$/, new RegExp(String.raw`^\[start\][ \t]*\n(?:[^[\n].*\n|\n)*?cmd[ \t]*=[ \t]*${QUOTED}`, "m")],
  [
    /^fly\.toml$/,
    new RegExp(String.raw`^\[processes\][ \t]*\n(?:[^[\n].*\n|\n)*?[ \t]*(?:app|web)[ \t]*=[ \t]*${QUOTED}`, "m"),
  ],
];

/** What finds the command in a file of that path; undefined for any other file. */
export function startLine(path: string): RegExp | undefined {
  return LINES.find(([file]) => file.test(path))?.[1];
}

/** What App Engine starts where its file names no command: `app` of `main.py` beside it, by gunicorn. */
export function usualStart(path: string, text: string, has: (path: string) => boolean): string | undefined {
  const folder = /^(.*\/)?app\.ya?ml$/.exec(path) && path.slice(0, path.lastIndexOf("/") + 1);
  if (folder === null || !/^runtime:[ \t]*["']?python3\d*\b/m.test(text) || /^entrypoint:/m.test(text))
    return undefined;
  return has(`${folder}main.py`) ? "gunicorn -b :$PORT main:app" : undefined;
}

const ENVIRONMENT: readonly (readonly [file: RegExp, section: RegExp, entry: RegExp])[] = [
  [/^fly\.toml$/, /^\[env\][ \t]*\n((?:[^[\n].*\n?|\n)*)/m, /^[ \t]*["']?(\w+)["']?[ \t]*=[ \t]*["']([^"'\n]*)["']/gm],
  [/^render\.ya?ml$/, /([\s\S]*)/, /^[ \t]*- key:[ \t]*(\w+)[ \t]*\n[ \t]*value:[ \t]*["']?([^"'\n#]+?)["']?[ \t]*$/gm],
  // pm2's, in which what stands behind `//` is for others to try.
  [
    /^(?:ecosystem|pm2|process)(?:\.[\w-]+)*\.(?:[cm]?js|json)$/,
    /\benv(?:_prod\w*)?["']?[ \t]*:[ \t]*\{([^}]*)\}/,
    /(?<!\/\/[^\n]{0,200})["']?\b(\w+)["']?[ \t]*:[ \t]*["']([^"'\n]*)["']/g,
  ],
];

/** Variables by which such a file opens the program: `HOST = "0.0.0.0"` under fly.toml's `[env]`. */
export function opened(path: string, text: string): [name: string, value: string][] {
  const found = ENVIRONMENT.find(([file]) => file.test(path));
  const section = found?.[1].exec(text)?.[1] ?? "";
  return [...section.matchAll(found?.[2] ?? /$^/g)]
    .map(([, name = "", value = ""]): [string, string] => [name, value])
    .filter(([, value]) => /^(?:https?:\/\/)?(?:0\.0\.0\.0|\[?::\]?|\*)(?::\d+)?$/.test(value));
}
