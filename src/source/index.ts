/** The source room: a read-only tree, its ignore rules, its staging copy, and what is known of its files' content. */
export { compileGlobs } from "./glob.ts";
export { createIgnoreRules, type IgnoreRules, isEnvFile, isSecretPath } from "./ignore.ts";
export { parseJson } from "./json.ts";
export { openSource, type Source } from "./open.ts";
export { type StageResult, stageSource } from "./stage.ts";
export { openStatCache, type StatCache } from "./stat-cache.ts";
export { type WalkedEntry, walkSource } from "./walk.ts";
