/** The source room: a read-only tree, its ignore rules, its staging copy, and what is known of its files' content. */
export { assertServes } from "./assert-serves.ts";
export { compileGlobs } from "./glob.ts";
export { createIgnoreRules, type IgnoreRules, isEnvFile, isSecretPath } from "./ignore.ts";
export { conditional, createResolver, packageNameOf, resolveFile } from "./imports.ts";
export { parseJson } from "./json.ts";
export { openSource, type Source } from "./open.ts";
export { packagesMayServe } from "./packages-serve.ts";
export { importsOf, lookForServer, type ServerLook } from "./server-look.ts";
export { isKnownNonServer, SERVER_PACKAGES } from "./server-packages.ts";
export { type StageResult, stageSource } from "./stage.ts";
export { openStatCache, type StatCache } from "./stat-cache.ts";
export { readTsconfig, type Tsconfig } from "./tsconfig.ts";
export { type WalkedEntry, walkSource } from "./walk.ts";
