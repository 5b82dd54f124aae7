/** What a Makefile of C or C++ makes: read as far as its own variables and rules say. */
import type { Source } from "./open.ts";

export interface MakefileProgram {
  file: string;
  text: string;
  /** Path of the program that `make` links, below the directory; undefined: it does not show. */
  program: string | undefined;
  /** The compiler is taken from CC or CXX, which whoever calls make can set. */
  namesCompiler: boolean;
}

interface Rule {
  targets: string[];
  needs: string[];
  recipe: string;
}

const FILES = ["GNUmakefile", "makefile", "Makefile"];
const SOURCES = ["*.{c,cc,cpp,cxx}", "src/*.{c,cc,cpp,cxx}", "src/*/*.{c,cc,cpp,cxx}"];
const MAX_DEPTH = 10;
/** Variables that are looked up for one text: a few that name others twice make millions. */
const MAX_NAMES = 5_000;
/** What a command of the compiler writes, of which the last counts. Some compilers know `-openmp`. */
const OUTPUT = /\s-o(?!penmp\b)\s*("[^"]+"|'[^']+'|\S+)/g;
const BESIDE_THE_PROGRAM =
  /(?:^|[/_.-])(?:unit)?(?:tests?|check|bench(?:marks?)?|examples?|demos?|docs?|clean|install|fuzz(?:er)?)(?=[/_.-]|$)/i;

/** The sources of C and C++ near the root. */
export function cSources(source: Source): string[] {
  return source.glob(SOURCES);
}

/** @returns undefined without a Makefile in the root */
export function makefileProgram(source: Source): MakefileProgram | undefined {
  const file = FILES.find((name) => source.isFile(name));
  const text = file === undefined ? undefined : source.read(file);
  if (file === undefined || text === undefined) return undefined;
  const { rules, phony, goal, expand } = readMakefile(text);
  const written = new Set(cSources(source).map((path) => path.replace(/\.\w+$/, "")));
  const seen = new Set<string>();

  function programOf(target: string, depth = 0): string | undefined {
    if (depth > MAX_DEPTH || seen.has(target) || /\.(?:o|a|so|h|d)$/.test(target)) return undefined;
    seen.add(target);
    const own = rules.filter(({ targets }) => targets.includes(target));
    for (const command of own.flatMap(({ recipe }) => recipe.replace(/\$@/g, target).split(/\n|&&|;/))) {
      const out = [...command.matchAll(OUTPUT)].at(-1)?.[1]?.replace(/^["']|["']$/g, "");
      if (out !== undefined && !/\.(?:o|so)$|[$%]/.test(out)) return out;
    }
    const needs = own.flatMap((rule) => rule.needs);
    if (!phony.has(target) && own.every(({ recipe }) => recipe.trim() === "") && isLinked(target, needs)) return target;
    // Of all that a goal makes, tests and the like are not what is started.
    const beside = (need: string) => Number(BESIDE_THE_PROGRAM.test(need));
    const inOrder = [...needs].sort((a, b) => beside(a) - beside(b));
    return inOrder.map((need) => programOf(need, depth + 1)).find(Boolean);
  }

  /** By a rule that make has of its own: from objects, or from a source of that name. */
  function isLinked(target: string, needs: readonly string[]): boolean {
    return needs.some((need) => need.endsWith(".o")) || (written.has(target) && !target.includes("."));
  }

  const program = goal === undefined ? undefined : programOf(goal);
  const recipes = rules.map(({ recipe }) => recipe).join("\n");
  const direct = /(?:^|[\s;&|@-])(?:gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?)\s/m.test(expandless(recipes));
  return { file, text: expand(text), program: program?.replace(/^\.\//, ""), namesCompiler: !direct };
}

function expandless(recipes: string): string {
  return recipes.replace(/\$[({](?:CC|CXX|LINK\.\w+|COMPILE\.\w+)[)}]/g, "");
}

/** Functions and substitutions are not worked out; of what they give only objects count. */
function plain(line: string): string {
  let before: string;
  let after = line;
  do {
    before = after;
    after = before.replace(/\$(?:\([^()]*\)|\{[^{}]*\})/g, (call) => (/\.o\b/.test(call) ? "objects.o" : "files"));
  } while (after !== before);
  return after;
}

function readMakefile(text: string) {
  const lines = text
    .replace(/\\\r?\n[ \t]*/g, " ")
    .split(/\r?\n/)
    .map((line) => (line.startsWith("\t") ? line : line.replace(/(^|\s)#.*$/, "$1")));
  const values = new Map<string, string>();
  for (const line of lines) {
    const [, name, sign, value] =
      /^\s*(?:export\s+|override\s+)*([\w.]+)\s*(::?:?=|[?+]?=)\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || line.startsWith("\t")) continue;
    const before = values.get(name);
    if (sign === "+=") values.set(name, [before, value].filter(Boolean).join(" "));
    else if (sign !== "?=" || before === undefined) values.set(name, value ?? "");
  }
  // What stands for a compiler stays: it shows who chooses it.
  // A name within itself stays as well.
  function expand(word: string): string {
    let left = MAX_NAMES;
    const within = (names: readonly string[], text: string): string =>
      text.replace(/\$(?:\(([\w.]+)\)|\{([\w.]+)\})/g, (all, a?: string, b?: string) => {
        const name = (a ?? b) as string;
        const value = /^(?:CC|CXX)$/.test(name) || names.includes(name) ? undefined : values.get(name);
        return value === undefined || left-- <= 0 ? all : within([...names, name], value);
      });
    return within([], word);
  }
  const rules: Rule[] = [];
  for (const line of lines) {
    if (line.startsWith("\t")) {
      const last = rules.at(-1);
      if (last) last.recipe += `${expand(line)}\n`;
      continue;
    }
    const [, targets, needs, recipe] = /^([^:=#]+?)\s*::?(?!=)\s*([^=;]*)(?:;(.*))?$/.exec(plain(expand(line))) ?? [];
    if (targets === undefined) continue;
    const words = (list: string | undefined) => (list ?? "").replace(/\|/g, " ").split(/\s+/).filter(Boolean);
    rules.push({ targets: words(targets), needs: words(needs), recipe: recipe ?? "" });
  }
  const phony = new Set(rules.filter(({ targets }) => targets.includes(".PHONY")).flatMap(({ needs }) => needs));
  const named = values.get(".DEFAULT_GOAL");
  const first = rules.flatMap(({ targets }) => targets).find((target) => !/^\.|%/.test(target));
  return { rules, phony, goal: named === undefined ? first : expand(named), expand };
}
