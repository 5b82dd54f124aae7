/**
 * The Plan: what a buildpack wants built, as plain JSON. Printable (`knbuild plan --json`), snapshot-tested, hashed for the
 * cache. A plan names paths relative to the source directory with `/`; nothing in it depends on the machine.
 */

export interface Plan {
  version: 1;
  /** Id of the buildpack that made it. */
  buildpack: string;
  /** Name that an image without a tag gets: the package's or the directory's. */
  name: string;
  /** What knbuild will run at start, and how it found it. */
  entrypoint: PlanEntrypoint;
  base: PlanBase;
  /** In order; each is data that an engine executes. */
  steps: Step[];
  /** Runtime configuration of the image. */
  config: PlanConfig;
  /** Why things are as they are; shown by `knbuild plan`. */
  evidence: string[];
  warnings: PlanWarning[];
  /**
   * Directory of the app relative to the source directory, for a member of a monorepo that was found from its root. Every
   * path of the plan is relative to the app's directory. Absent: the source directory is the app's.
   */
  member?: string;
  /** false: the user wants no SIGTERM preload. */
  gracefulShutdown?: boolean;
}

export interface PlanEntrypoint {
  /** File relative to the source directory, where the app is started from a file. */
  file?: string;
  /** What a build makes `file` of, relative to the same, where the app's configuration says so: the contract is read there. */
  source?: string;
  /**
   * Name of a package's program, where that is the server (`fastify`): `file` is then `node_modules/.bin/NAME`, which stands
   * for the file that the installed package names in its `bin`.
   */
  tool?: string;
  /**
   * argv of the image, exec form; `file` stands in it as it is, whoever bundles it puts its own path there. The user's
   * Node options and arguments are not in it: they belong to the image's configuration.
   */
  argv: string[];
  evidence: string;
  /** Directory to start in, relative to the app's. Absent: the app's. */
  directory?: string;
  /**
   * What a look at the source says: `seen`: something listens. `unknown`: packages decide that; look again when they are
   * installed. Absent: nothing to look at (a framework's own server).
   */
  listens?: "seen" | "unknown";
  /** With `unknown`: the packages that decide it, and where each is imported, relative to the app. Absent: nothing more can be learnt. */
  undecided?: { name: string; from: string }[];
  /** The build makes the file, and no script starts it: it may be a library's, and is looked at when it is there. */
  unstarted?: true;
  /** What the program is where these looks find nothing that listens: a clause, for the error. */
  otherwise?: string;
}

export interface PlanWarning {
  code: string;
  message: string;
  where?: string;
  hint?: string;
}

export interface PlanBase {
  /** Id of an assembled base in templates/bases (`debian13-node24`), or a reference. */
  ref: string;
  /** Extra Debian packages for an assembled base. */
  packages: string[];
}

export interface PlanConfig {
  env: Record<string, string>;
  /** Absolute. */
  workdir: string;
  /** Numeric, `uid` or `uid:gid`. */
  user: string;
  /** `8080/tcp`. */
  exposedPorts: string[];
  labels: Record<string, string>;
}

export type Step = InstallStep | HostCommandStep | BundleStep | CopyStep | RuntimeFileStep | DockerfileStep;

/** Installs production dependencies exactly as the lock file says, in a staging copy. */
export interface InstallStep {
  type: "install";
  packageManager: "npm" | "pnpm" | "yarn" | "yarn-berry" | "bun";
  /** Version that the project asks for, if it does. */
  version?: string;
  /** Hash of that version's file, as corepack takes it: algorithm, dot, hex (`sha512.9e3a…`). */
  versionHash?: string;
  /** Lock file relative to the source directory; absent: none there. */
  lockFile?: string;
  /** What decides whether an existing node_modules or an earlier staging is fresh. */
  inputs: string[];
  /** Include devDependencies (needed by a build command). */
  dev: boolean;
  ignoreScripts: boolean;
  frozen: boolean;
  /** Workspace root relative to the app's directory (`..`, `../..`), for a member of a monorepo. */
  workspaceRoot?: string;
  /**
   * The app's sources must lie beside its package.json while installing: it has install scripts of its own, or
   * dependencies inside the tree. What the scripts make is then part of the app.
   */
  withSource?: boolean;
  /** The user's own install command instead of the manager's; run by a shell in the staging copy. */
  command?: string;
  /** A program that the start script has fetched (`npx serve@14`): where no dependency brings it, this package is added. */
  program?: { name: string; package: string };
  /** Node major that the dependencies are installed for. */
  nodeMajor?: number;
}

/** Runs a command of the project itself on the host (its `build` script), in the staging copy. */
export interface HostCommandStep {
  type: "host-command";
  /** `["npm", "run", "build"]`; package managers by name mean the one that the project asks for. */
  argv: string[];
  /** Relative to the app's directory. */
  cwd: string;
  env: Record<string, string>;
  /** Globs that decide whether an earlier result can be used again. */
  inputs: string[];
  /** What it makes; must be there afterwards. */
  outputs: string[];
  /**
   * It makes a site, in one of these directories, the likeliest first; `bare`: the first may do without an index.html;
   * `written`: a page that is there before it.
   */
  site?: { places: string[]; bare: boolean; written?: string };
  why: string;
}

/** Bundles the entry with esbuild, third-party code apart; ships what cannot be bundled as files. */
export interface BundleStep {
  type: "bundle";
  entry: string;
  /** Node version that runs the output, `22`, `24.11`. */
  nodeTarget: string;
  /** Where the app lies in the image. */
  appDir: string;
  /** false: no bundle, production node_modules and the app's files as they are. */
  enabled: boolean;
  minify: boolean;
  sourcemap: boolean;
  /** Package names that the user wants shipped as files. */
  external: string[];
  /** Package names that the user wants bundled whatever the analysis says of them. */
  inline?: string[];
  /** Globs of files to ship besides what was found (user's `include`), and to leave out. */
  include: string[];
  exclude: string[];
  /**
   * Files (or `package/file`) whose reachable files are shipped, traced, instead of all production node_modules; only with
   * `enabled: false`. A framework's build output is such a root: it was bundled by the framework already.
   */
  roots?: string[];
  /** Packages that node itself is told to load before the program (`-r`, `--import`): they are shipped, whoever names them. */
  preloads?: string[];
}

/** Ships a file of knbuild's own (below templates/). */
export interface RuntimeFileStep {
  type: "runtime-file";
  /** `runtime/static-server.cjs`, relative to templates/. */
  template: string;
  /** Absolute path in the image. */
  to: string;
  layer: LayerKind;
}

/** Copies files of the source (or the staging copy, after commands) into the image. */
export interface CopyStep {
  type: "copy";
  from: string;
  /** A site whose build may write somewhere else: where to look when `from` holds no index.html, in order. */
  instead?: string[];
  /** Absolute directory in the image. */
  to: string;
  include: string[];
  exclude: string[];
  layer: LayerKind;
}

/** What a Dockerfile asks of an engine: to run commands, to fetch git repositories. */
export type DockerfileNeed = "run" | "git";

/** Builds a Dockerfile. */
export interface DockerfileStep {
  type: "dockerfile";
  /** Relative to the source directory, which is the build context. */
  file: string;
  /** Stage that becomes the image; absent: the last one. */
  target?: string;
  buildArgs: Record<string, string>;
  /** Names that FROM and `--from` may use → directory, `docker-image://REF` or `oci-layout://DIR`. */
  contexts: Record<string, string>;
  /** As docker build takes them: `id=NAME,src=FILE`, `default` or `id=SOCKET`. */
  secrets: string[];
  ssh: string[];
  /** Network of RUN: `default`, `none`, `host`. */
  network?: string;
  cacheFrom: string[];
  cacheTo: string[];
  needs: DockerfileNeed[];
  /** References of the images that it begins with or copies from. */
  images: string[];
}

/** Which layer something goes to; also `kind` in the build report. */
export type LayerKind =
  | "base"
  | "runtime"
  | "dependencies"
  | "vendor"
  | "vendor-sourcemaps"
  | "vendor-cache"
  | "assets"
  | "app"
  | "sourcemaps"
  | "cache";

/** The order of layers in the image: what changes least lies lowest. */
export const LAYER_ORDER: readonly LayerKind[] = [
  "base",
  "runtime",
  "dependencies",
  "vendor",
  "vendor-sourcemaps",
  "vendor-cache",
  "assets",
  "app",
  "sourcemaps",
  "cache",
];
