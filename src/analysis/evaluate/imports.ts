/** What an import names, and what a module exports under a name. */

import type { SourceModule } from "../scope/scope.ts";
import { UNKNOWN, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { member } from "./members.ts";

export function imported(evaluator: Evaluator, file: SourceModule, specifier: string, name: string | undefined): Value {
  const semantics = evaluator.project.semantics(file);
  const modules = semantics.resolve(file, specifier);
  if (modules.length === 0) {
    // `from package import module`, without an __init__ file.
    const inner = name === undefined ? undefined : semantics.resolve(file, below(specifier, name))[0];
    // Java and PHP: a class, in the file of its name.
    const byClass = /^(java|php)$/.test(file.language);
    const cls = inner && byClass && name !== undefined && exported(evaluator, inner, name);
    if (cls) return cls;
    if (inner && file.language !== "javascript") return { t: "module", module: inner };
    const path = semantics.externalPath(specifier, name);
    return outside(evaluator, path, file) ?? { t: "ref", path, file };
  }
  for (const module of modules) {
    const whole: Value = { t: "module", module };
    if (name === undefined) return whole;
    const value = exported(evaluator, module, name) ?? ofClass(evaluator, module, specifier, name);
    if (value) return value;
  }
  return moduleIn(evaluator, file, specifier, name) ?? UNKNOWN;
}

/** The module of that name in a package; also where the package's own file imports it from itself. */
export function moduleIn(
  evaluator: Evaluator,
  file: SourceModule,
  specifier: string,
  name: string | undefined,
): Value | undefined {
  if (file.language === "javascript" || !name) return undefined;
  const module = evaluator.project.semantics(file).resolve(file, below(specifier, name))[0];
  return module && { t: "module", module };
}

/** A module within a package; `from . import settings` names one beside it. */
function below(specifier: string, name: string): string {
  return /^\.+$/.test(specifier) ? specifier + name : `${specifier}.${name}`;
}

/** `import static com.example.Config.PORT`, `import com.example.Config.Server`: a member of the class in that file. */
function ofClass(evaluator: Evaluator, module: SourceModule, specifier: string, name: string): Value | undefined {
  if (module.language !== "java") return undefined;
  const cls = exported(evaluator, module, specifier.slice(specifier.lastIndexOf(".") + 1));
  const found = cls && member(evaluator, cls, name);
  return found?.t === "absent" || found?.t === "unknown" ? undefined : found;
}

export function outside(evaluator: Evaluator, path: string, file: SourceModule): Value | undefined {
  return evaluator.project.semantics(file).value?.(path, evaluator);
}

export function exported(
  evaluator: Evaluator,
  module: SourceModule,
  name: string,
  seen = new Set<SourceModule>(),
): Value | undefined {
  if (seen.has(module)) return undefined;
  seen.add(module);
  const entry = module.exports.get(name);
  if (entry?.module) return imported(evaluator, module, entry.module, entry.local);
  if (entry?.value) return evaluator.eval(entry.value, module.scope);
  if (entry?.local) return evaluator.name(entry.local, module.scope, undefined);
  const semantics = evaluator.project.semantics(module);
  for (const star of module.exportStars)
    for (const target of semantics.resolve(module, star)) {
      const found = exported(evaluator, target, name, seen);
      if (found) return found;
    }
  // Languages without export lists: every top-level name.
  if (module.language !== "javascript") {
    for (const file of [module, ...(semantics.siblings?.(module, name) ?? [])]) {
      const binding = file.scope.names.get(name);
      if (binding) return evaluator.binding(binding, undefined);
    }
    return undefined;
  }
  const whole = name === "default" ? undefined : module.exports.get("default");
  if (whole?.value || whole?.local) {
    const value = whole.value
      ? evaluator.eval(whole.value, module.scope)
      : evaluator.name(whole.local as string, module.scope, undefined);
    const found = member(evaluator, value, name);
    return found.t === "absent" ? undefined : found;
  }
  return undefined;
}
