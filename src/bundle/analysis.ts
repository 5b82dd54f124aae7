/** What one JavaScript or TypeScript file says about itself. Values only; `analyze.ts` makes them. */

import type { GoneApi } from "./gone-apis.ts";
import type { SourceName } from "./named-sources.ts";
import type { StartedProgram } from "./started-programs.ts";

/** Why a file may behave differently inside a bundle. The words are shown to users. */
export const FINDINGS = {
  dirname: "looks for files beside itself",
  "meta-url": "looks for files beside itself",
  "computed-require": "requires a module by a computed name",
  "computed-import": "imports a module by a computed name",
  "require-value": "hands `require` on as a value",
  "require-resolve": "asks where a module lies",
  "create-require": "makes a `require` of its own",
  "require-in-esm": "uses `require` in an ES module",
  "module-object": "looks at its own `module` object",
  "require-cache": "looks into the module cache",
  "module-api": "changes how modules are loaded",
  native: "loads a native addon",
  worker: "starts a worker from a file",
  fork: "starts a process from a file",
  eval: "evaluates text in its own scope",
  "top-level-await": "waits at its top level",
  unparsable: "is not JavaScript that can be read",
} as const;

export type FindingCode = keyof typeof FINDINGS;

export interface FileFinding {
  code: FindingCode;
  /** 1-based. */
  line: number;
  /** The source text, short. */
  text: string;
}

export interface ModuleRequest {
  specifier: string;
  /** own-require: through `createRequire`; resolve: `require.resolve`. Those two stay as they are in a bundle. */
  kind: "require" | "import" | "dynamic" | "resolve" | "own-require";
  line: number;
  /** Inside `try`: the code copes with its absence. */
  guarded: boolean;
}

/** A piece of text that means something else in a bundle; offsets in UTF-16 units. */
export interface PlaceReference {
  what:
    | "dirname"
    | "filename"
    | "meta-url"
    | "meta-dirname"
    | "meta-filename"
    | "module-parent"
    | "main-check"
    | "meta-main";
  start: number;
  end: number;
  /** `{ __dirname }`: the name has to stay as the key. */
  shorthand: boolean;
}

export interface FileAnalysis {
  syntax: "esm" | "cjs";
  topLevelAwait: boolean;
  hasDefaultExport: boolean;
  /**
   * `export { f as "module.exports" }`, or an `export *` that may hand one on: what `require` gets of it
   * (nodejs.org/api/modules.html#loading-ecmascript-modules-using-require).
   */
  maySayWhatRequireGets?: boolean;
  requests: ModuleRequest[];
  findings: FileFinding[];
  places: PlaceReference[];
  /** Arguments of computed `require` and `import()`: offsets in UTF-16 units. */
  computed: { start: number; end: number }[];
  /** Modules that run in a thread or process of their own: `new Worker(new URL("./w.js", import.meta.url))`. */
  workers: string[];
  /** Line where a SIGTERM listener is added. */
  sigtermLine?: number;
  /** Something in it opens files, serves folders or renders views. */
  readsFiles: boolean;
  /** Of a package: it asks for the working directory, or for the names in a directory. */
  looksAround?: ("working-directory" | "names")[];
  /** Of the app's own file: programs that it starts, by literal names. */
  starts?: StartedProgram[];
  /** Of the app's own file: paths and globs of scripts that stand in it as texts. */
  sourceNames?: SourceName[];
  /** It looks at the text of classes: a shortened one (`class{` instead of `class A {`) is none to it. */
  readsClassText?: boolean;
  /** It calls what later releases of Node do not have. */
  goneApi?: GoneApi;
}
