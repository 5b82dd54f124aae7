/** Which ignore file a build of a Dockerfile goes by. */
import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";

/**
 * `<Dockerfile>.dockerignore` beside the Dockerfile, wherever that lies, before `.dockerignore` of the context.
 * @param dockerfile relative to the context or absolute; a named context has none
 * @returns its name, relative to the context where the Dockerfile's is; undefined: there is none
 */
export function ignoreFileOf(context: string, dockerfile?: string): string | undefined {
  const own = dockerfile === undefined ? undefined : ownIgnoreFile(context, dockerfile);
  return own ?? readable(context, ".dockerignore");
}

/** The one beside the Dockerfile, alone. */
export function ownIgnoreFile(context: string, dockerfile: string): string | undefined {
  return readable(context, `${dockerfile}.dockerignore`);
}

function readable(context: string, name: string): string | undefined {
  try {
    accessSync(resolve(context, name), constants.R_OK);
    return name;
  } catch {
    return undefined;
  }
}
