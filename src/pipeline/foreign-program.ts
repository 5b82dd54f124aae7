/** Programs of kinds that no buildpack knows, told by the file that their own tools read. For an error to name. */
import { posix } from "node:path";
import type { Source } from "../source/open.ts";

interface Foreign {
  /** With its article: `a Swift package`. */
  what: string;
  file: string;
  /** The file is a manifest, not only a text in that language. */
  sure: boolean;
}

/** Of files that lie at the top. */
const MANIFESTS: readonly (readonly [RegExp, string])[] = [
  [/^Package\.swift$/, "a Swift package"],
  [/^build\.zig$/, "a Zig program"],
  [/^gleam\.toml$/, "a Gleam program"],
  [/^shard\.yml$/, "a Crystal program"],
  [/^(?:project\.clj|deps\.edn)$/, "a Clojure program"],
  [/^pubspec\.yaml$/, "a Dart program"],
  [/^(?:stack\.yaml|.+\.cabal)$/, "a Haskell program"],
  [/^(?:dune-project|.+\.opam)$/, "an OCaml program"],
  [/^rebar\.config$/, "an Erlang program"],
  [/^.+\.nimble$/, "a Nim program"],
  [/^dub\.(?:json|sdl)$/, "a D program"],
  [/^v\.mod$/, "a V program"],
  [/^cpanfile$/, "a Perl program"],
  [/^.+\.rockspec$/, "a Lua program"],
  [/^meson\.build$/, "a program that Meson builds"],
];

/** Where there is no manifest: files of one kind at the top, or in `src`. */
const ENDINGS: Readonly<Record<string, string>> = {
  ".cbl": "a COBOL program",
  ".cob": "a COBOL program",
  ".scm": "a Scheme program",
  ".lisp": "a Lisp program",
  ".jl": "a Julia program",
  ".R": "an R program",
  ".pl": "a Perl program",
  ".lua": "a Lua program",
  ".sh": "a shell script",
};

export function foreignProgram(source: Source): Foreign | undefined {
  const names = source.names();
  for (const [manifest, what] of MANIFESTS) {
    const file = names.find((name) => manifest.test(name));
    if (file !== undefined) return { what, file, sure: true };
  }
  const files = [...names, ...source.names("src").map((name) => `src/${name}`)];
  for (const [ending, what] of Object.entries(ENDINGS)) {
    const file = files.find((name) => posix.extname(name) === ending);
    if (file !== undefined) return { what, file, sure: false };
  }
  return undefined;
}
