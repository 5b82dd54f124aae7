/** Commands that a start script runs before the server, and that fill or change a database. */
import { unwrapped } from "./start.ts";
import { simpleCommands } from "./words.ts";

/** The image runs the server alone, and its build what builds: these are left out. */
export function databaseCommands(before: readonly string[], scripts: Record<string, string>): string[] {
  return before.filter((command) => changesDatabase(command, scripts));
}

/** By what it runs, scripts that it calls included; by a script's name alone (`db:migrate`) where that tells it. */
export function changesDatabase(command: string, scripts: Record<string, string>, depth = 0): boolean {
  return simpleCommands(command).some(({ words }) => {
    const [program = "", ...args] = unwrapped(words);
    if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
      const plain = args.filter((arg) => !arg.startsWith("-"));
      const script = /^run(?:-script)?$/.test(plain[0] ?? "") ? plain[1] : plain[0];
      if (script === undefined) return false;
      const line = scripts[script];
      return SCRIPT.test(script) || (line !== undefined && depth < 6 && changesDatabase(line, scripts, depth + 1));
    }
    // `node dist/migrate.js`: the file is the program.
    const runs = INTERPRETER.test(program) ? args.find((arg) => !arg.startsWith("-")) : program;
    const name = (runs ?? "").replace(/^.*\//, "").replace(/\.\w+$/, "");
    if (PROGRAM.test(name) || (/^(?:directus|strapi)$/.test(name) && args[0] === "bootstrap")) return true;
    return TAKES_FILES.test(name) ? false : VERB.test(args.filter((arg) => /^[\w:-]+$/.test(arg)).join(" "));
  });
}

/** `db:push`, `seed`, `prisma:migrate`; not `build:seed-map`. */
const SCRIPT = /^(?:db|migrat\w*|seed\w*)(?:[:-]|$)|^(?!build|compile|copy|bundle)\w+:(?:migrat\w*|seed)$/;
const INTERPRETER = /^(?:node|nodejs|tsx|ts-node|ts-node-esm|babel-node|bun|deno|sh|bash)$/;
const PROGRAM = /(?:^|[-_.])(?:migrat\w*|seed(?:er|ers|s|ing)?)(?:[-_.]|$)/;
/** Words of theirs are files, or what to look for. */
const TAKES_FILES =
  /^(?:cp|mv|rm|cpx|cpy|ncp|copyfiles|rimraf|del|del-cli|mkdir|mkdirp|shx|echo|cat|test|tsc|tsup|esbuild|swc|babel|rollup|webpack|vite|jest|mocha|vitest|ava|eslint|prettier)$/;
const VERB = /(?:^| )(?:migrat\w*(?::\S+)?|seed(?::\S+)?|db:\S+|db (?:push|seed|execute))(?: |$)/;
