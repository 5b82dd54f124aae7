/** The source room: a read-only tree, its ignore rules, its staging copy, and what is known of its files' content. */
export { assertMadeServes, assertServes, withDoubt } from "./assert-serves.ts";
export { compileGlobs } from "./glob.ts";
export { createIgnoreRules, type IgnoreRules, isSecretPath } from "./ignore.ts";
export { openSource, type Source } from "./open.ts";
export { lookForServer, type ServerLook } from "./server-look.ts";
export { type StageResult, stageSource } from "./stage.ts";
export { openStatCache, type StatCache } from "./stat-cache.ts";
export type { Tsconfig } from "./tsconfig.ts";
export type { WalkedEntry } from "./walk.ts";
