/** The environment of package managers and build scripts: the user's own, without what an outer `npm run` put there. */
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Variables of an outer npm, yarn or pnpm that would be taken for the inner one's; a silent one would hide why it fails. */
const OUTER =
  /^(?:npm_(?:package|lifecycle|command|execpath|node_execpath|config_(?:global_prefix|local_prefix|prefix|noproxy|node_gyp|user_agent|omit|include|production|loglevel|silent))|INIT_CWD|PNPM_SCRIPT_SRC_DIR|BERRY_BIN_FOLDER|YARN_IGNORE_PATH|NODE_ENV|NODE_OPTIONS|NODE_PATH|CI$|KNBUILD_)/i;

/** Programs with a window, for tests and desktops, that packages fetch from elsewhere: no image has a use for them. */
const DESKTOP = { CYPRESS_INSTALL_BINARY: "0", ELECTRON_SKIP_BINARY_DOWNLOAD: "1" };

export interface EnvironmentRequest {
  env: NodeJS.ProcessEnv;
  /** Directories to put first in PATH. */
  path?: readonly (string | undefined)[];
  targetNode?: string | undefined;
  nodeHeaders?: string | undefined;
}

export function childEnvironment(request: EnvironmentRequest): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(request.env)) if (!OUTER.test(name)) env[name] = value;
  const first = [...(request.path ?? []), request.targetNode === undefined ? undefined : dirname(request.targetNode)];
  env["PATH"] = [...first.filter((part) => part !== undefined), request.env["PATH"] ?? ""].join(delimiter);
  // An addon is compiled against the headers of the Node that will load it, whatever this machine has set.
  if (request.nodeHeaders !== undefined) env["npm_config_nodedir"] = request.nodeHeaders;
  return {
    ...DESKTOP,
    ...env,
    // `engines` speaks of the image's Node; where another one installs, it would judge the wrong one.
    ...(request.targetNode === undefined && { npm_config_engine_strict: "false" }),
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    ADBLOCK: "1",
    // An old package of that name, which many old tools load, compiles as a script what require() finds as an ES module.
    DISABLE_V8_COMPILE_CACHE: "1",
    DISABLE_OPENCOLLECTIVE: "1",
    NO_UPDATE_NOTIFIER: "1",
    COREPACK_ENABLE_STRICT: "0",
    COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
    HUSKY: "0",
  };
}

/** The real file of a program in PATH. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const directory of (env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, name);
    if (directory && existsSync(path)) return realpathSync(path);
  }
  return undefined;
}
