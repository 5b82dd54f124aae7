/** What the analysis knows of each language beside JavaScript: its front end, its semantics, its catalogue. */
import { type Catalogue, catalogueListener, catalogueTls } from "./catalogue.ts";
import { type FactSink, reachOf, type Visit } from "./collect.ts";
import type { Evaluator } from "./evaluate.ts";
import type { FileTree } from "./ir.ts";
import { lastName } from "./ir.ts";
import type { SourceModule } from "./scope.ts";
import type { Semantics } from "./semantics.ts";
import { alternatives } from "./values.ts";

export interface ModuleFinder {
  module(path: string): SourceModule | undefined;
  has(path: string): boolean;
  paths: readonly string[];
  text(path: string): string | undefined;
}

export interface Language {
  lower(text: string, path: string): FileTree | undefined;
  semantics(finder: ModuleFinder): Semantics;
  /** Files without these words hold no fact. */
  words: RegExp;
  catalogue: Catalogue;
  /** Last names of the calls that are worth following. */
  isCall(name: string): boolean;
  /** Facts of one call beyond the catalogue. */
  callFacts?(visit: Visit): void;
  /** Facts of a whole file. */
  moduleFacts?(module: SourceModule, evaluator: Evaluator, sink: FactSink): void;
  /** An expression that reads PORT, else `literal`; undefined where the file lacks what it needs. */
  portFix(literal: string, text: string): string | undefined;
}

export function analyzeModule(language: Language, module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const site of module.calls) {
    const method = lastName(site.call.callee);
    if (method === undefined) continue;
    let name = method;
    if (site.call.callee.kind === "name")
      for (let s: typeof site.scope | undefined = site.scope; s; s = s.parent) {
        const b = s.names.get(method);
        if (b?.import?.imported) name = b.import.imported;
        if (b) break;
      }
    if (!language.isCall(name)) continue;
    const seen = new Set<string>();
    for (const target of alternatives(evaluator.queryCallee(site.call, site.scope))) {
      const own = target.t === "function" || target.t === "class" || target.t === "instance" || target.t === "module";
      const path = target.t === "ref" ? target.path : own ? undefined : `?.${method}`;
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const ref = target.t === "ref" ? target : { t: "ref" as const, path, file: module };
      const visit: Visit = {
        module,
        site,
        evaluator,
        sink,
        view: evaluator.view(ref, site.call, site.scope, undefined),
        reach: () => reachOf(evaluator, module, site.scope, site.guards),
      };
      const listener = catalogueListener(visit, language.catalogue, language.portFix);
      if (listener) sink.listeners.push(listener);
      const tls = catalogueTls(visit, language.catalogue);
      if (tls) sink.tlsServers.push(tls);
      language.callFacts?.(visit);
    }
  }
  language.moduleFacts?.(module, evaluator, sink);
}
