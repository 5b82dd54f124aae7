/** The frameworks, most specific first: an app that uses two is the first one's. */
import type { App } from "./app.ts";
import type { Framework } from "./framework.ts";

export const FRAMEWORKS: readonly Framework[] = [];

export function findFramework(app: App): { framework: Framework; evidence: string[] } | undefined {
  for (const framework of FRAMEWORKS) {
    const evidence = framework.detect(app);
    if (evidence) return { framework, evidence };
  }
  return undefined;
}
