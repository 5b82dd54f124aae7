/** One build's view of the project: its real folders and the questions that were asked about them. */
import { mkdirSync, realpathSync } from "node:fs";
import { type AnalysisCache, createAnalysisCache } from "./analysis-cache.ts";
import { FileFacts } from "./package-scope.ts";
import { createResolver, type Resolver } from "./resolve.ts";
import { stubsDir } from "./stubs.ts";
import type { BundleInput } from "./types.ts";

export interface Project {
  input: BundleInput;
  /** Real paths. */
  appDir: string;
  root: string;
  cacheDir: string;
  stubs: string;
  facts: FileFacts;
  resolver: Resolver;
  analyses: AnalysisCache;
}

export function openProject(input: BundleInput): Project {
  mkdirSync(input.cacheDir, { recursive: true });
  const cacheDir = realpathSync(input.cacheDir);
  const facts = new FileFacts();
  return {
    input,
    appDir: realpathSync(input.appDir),
    root: realpathSync(input.modulesRoot ?? input.appDir),
    cacheDir,
    stubs: stubsDir(cacheDir),
    facts,
    resolver: createResolver(facts, input.nodeTarget),
    analyses: createAnalysisCache(cacheDir),
  };
}
