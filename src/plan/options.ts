/**
 * What the user may say about a build, as far as a plan depends on it: the part of the configuration that buildpacks see.
 * Everything is optional; the names are those of the configuration file.
 */
export interface PlanOptions {
  name?: string | undefined;
  buildpack?: string | undefined;
  /** File that starts the server, relative to the app. */
  entrypoint?: string | undefined;
  args?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  user?: string | undefined;
  workdir?: string | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  ports?: readonly (number | string)[] | undefined;
  base?: string | { ref?: string | undefined; packages?: readonly string[] | undefined } | undefined;
  bundle?: boolean | PlanBundleOptions | undefined;
  /** Globs of files to ship besides what was found. */
  include?: readonly string[] | undefined;
  /** Patterns of files to leave out. */
  ignore?: readonly string[] | undefined;
  /** Build command instead of the project's own; an empty text runs none. */
  build?: string | undefined;
  /** Install command instead of the package manager's. */
  install?: string | undefined;
  frozen?: boolean | undefined;
  ignoreScripts?: boolean | undefined;
  /** Member of a monorepo, by package name or directory. */
  workspace?: string | undefined;
  gracefulShutdown?: boolean | undefined;
  nodeOptions?: readonly string[] | undefined;
}

export interface PlanBundleOptions {
  enabled?: boolean | undefined;
  minify?: boolean | undefined;
  sourcemaps?: boolean | undefined;
  external?: readonly string[] | undefined;
  include?: readonly string[] | undefined;
}

/** A Node base that can be chosen. */
export interface NodeBase {
  major: number;
  /** Exact version where it is known. */
  version?: string | undefined;
  /** In long-term support at the date of the build. */
  lts: boolean;
  /** `2027-04-30`: after it the version gets no fixes. */
  eolDate: string;
  /** Id of the base, `debian13-node24`. */
  ref: string;
}
