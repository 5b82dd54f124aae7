/** Scripts and programs of packages that the Node chosen has outgrown, by what they say when they fail. */
import { isKnbuildError, type KnbuildError } from "../base/errors.ts";

/**
 * Node's own words: a function that is gone, an internal module that is gone, and a CommonJS script without an extension in
 * a package of ES modules, which Node 26 takes for one (yargs 16 and 17).
 */
export const OUTGROWN_SCRIPT =
  /\b(?:util|\w+[uU]til\w*)\.(?:is[A-Z]\w+|log) is not a function|\bSlowBuffer\b|No such module: |file:\/\/\S*\/node_modules\/\S*\/[^/.\s]+:\d+\s*\n(?:.*\n){0,4}.*require is not defined in ES module scope/;

/** An installation or a build that failed for the age of what it runs: with an older Node it may succeed. */
export function isOutgrown(error: unknown): error is KnbuildError {
  if (isKnbuildError(error, "ADDON_NOT_COMPILED")) return true;
  const scripted = isKnbuildError(error, "INSTALL_FAILED") || isKnbuildError(error, "BUILD_FAILED");
  return scripted && OUTGROWN_SCRIPT.test(error.detail ?? "");
}
