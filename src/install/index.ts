/** The install room: a project's packages and its own build, in directories of knbuild's cache. */
export { resolveBin } from "./bin-links.ts";
export { freshModules } from "./fresh.ts";
export { type BuildResult, runHostCommands } from "./host-command.ts";
export { installDependencies } from "./install.ts";
export { siteDirectory } from "./site-directory.ts";
export type { InstallContext, InstallResult, InstallSource } from "./types.ts";
