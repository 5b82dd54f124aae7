/** What a language and a project tell the evaluator: imports, known functions, files that mention a word. */
import type { Evaluator } from "./evaluate/evaluator.ts";
import type { Call, Expr } from "./ir.ts";
import type { Scope, SourceModule } from "./scope/scope.ts";
import type { Value } from "./values.ts";

/** What a language adds: how imports resolve and what its own library gives. */
export interface Semantics {
  /** Project modules that an import names; the first is the module itself, more are its package's other files. */
  resolve(module: SourceModule, specifier: string): SourceModule[];
  /** Path of something outside the project. */
  externalPath(specifier: string, imported: string | undefined): string;
  /** The value of a known function's call, undefined when nothing special is known. */
  call(path: string, view: CallView, evaluator: Evaluator): Value | undefined;
  /** The value of a known path outside the project (`process.env`). */
  value?(path: string, evaluator: Evaluator): Value | undefined;
  /** Other files whose top-level names are visible without an import (a Go package). */
  siblings?(module: SourceModule, name: string): SourceModule[];
  /** A field of a class that a library fills (pydantic's settings). */
  classField?(scope: Scope, name: string, evaluator: Evaluator): Value | undefined;
  /** A field of a class that nothing in the code gives a value: settings that a library reads from elsewhere. */
  lostField?(scope: Scope, name: string, evaluator: Evaluator): Value | undefined;
  /** A parameter that a decorator fills (click's options). */
  param?(decorators: readonly Expr[], name: string, scope: Scope, evaluator: Evaluator): Value | undefined;
  /** All that decorators give by name: what a `**options` holds. */
  keywords?(decorators: readonly Expr[], scope: Scope, evaluator: Evaluator): Value | undefined;
  /** A parameter of a callback, by the call that it is given to, which stands in `scope`. */
  handed?(call: Call, index: number, scope: Scope, evaluator: Evaluator): Value | undefined;
  /** What something of a library holds under a key, by how it was got: `builder.Configuration["Web:Host"]`. */
  keyed?(path: string, key: string, near: SourceModule, evaluator: Evaluator): Value | undefined;
  /** The class that declares a type of which this file only has methods. */
  whole?(part: Scope): Scope;
  /** The classes of the type in other files: those that have a method of this name, or any. */
  parts?(whole: Scope, method?: string): Scope[];
  /** Fields get their values from struct literals. */
  structs?: boolean;
  /** Class members are visible as bare names. */
  bareMembers?: boolean;
  /** A name that nothing declares. */
  unresolved?(name: string, module: SourceModule): Value | undefined;
}

export interface ProjectModel {
  semantics(module: SourceModule): Semantics;
  /** Parsed files that mention a word: where callers are looked for. */
  mentioning(word: string, near: SourceModule): readonly SourceModule[];
  /** What the program's own settings file gives its server under a name, in the section of `owner`. */
  setting(name: string, owner?: string): string | undefined;
  /** What a settings file of the program holds that `from` loads under a path. */
  data(path: string, from: SourceModule): unknown;
  /**
   * Parsed files of the language whose text has the pattern.
   *
   * @param word stands in all that the pattern matches, with no letter, digit or underscore before or behind it
   */
  matching(pattern: RegExp, near: SourceModule, word?: string): readonly SourceModule[];
  /** Was a file that has it not looked at, because enough were? */
  leftOut(): boolean;
  /** The same project, of which more is looked at. */
  thorough?: ProjectModel;
}

/** A call with its arguments evaluated on demand. */
export interface CallView {
  path: string;
  call: Call;
  scope: Scope;
  receiver: Value;
  arg(index: number): Value;
  named(name: string): Value;
  /** A key of the object given as argument `index`. */
  option(index: number, key: string): Value;
  count: number;
}
