/**
 * The files of packages that are shipped as they are, in the layout in which the package manager left them: npm's nesting,
 * pnpm's symbolic links. Node then resolves in the image what it resolved here.
 */
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { foreignAddons } from "./foreign-addons.ts";
import type { BundleFile } from "./types.ts";

export interface ExternalFilesInput {
  /** Real path of the modules' root. */
  root: string;
  /** The root's place in the image, without a leading slash. */
  imageRoot: string;
  /** Real folders of the packages. */
  packages: Iterable<string>;
  /** Folders under which packages are looked up, before symbolic links. */
  seen: Iterable<string>;
  /** Files that are known to be loaded: never left out. */
  reached: ReadonlySet<string>;
}

/** Files and links, sorted by path. */
export function externalFiles(input: ExternalFilesInput): BundleFile[] {
  const files = new Map<string, BundleFile>();
  for (const dir of input.packages) {
    if (!inside(dir, input.root)) {
      throw new KnbuildError({
        code: "BUNDLE_PACKAGE_OUTSIDE",
        message: `${basename(dir)} lies outside of the project (${relative(input.root, dir)}) and has to be shipped as files`,
        hint: "Build from the folder that holds both (a workspace root), or depend on a packed copy.",
      });
    }
    listPackage(dir, input, files);
  }
  for (const seen of input.seen) addLinks(seen, input, files);
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function inside(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep);
}

function imagePath(path: string, input: ExternalFilesInput): string {
  return join(input.imageRoot, relative(input.root, path));
}

function listPackage(packageDir: string, input: ExternalFilesInput, files: Map<string, BundleFile>): void {
  const compiled = existsSync(join(packageDir, "binding.gyp"));
  const walk = (dir: string): void => {
    const entries = readdirSync(dir, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const foreign = foreignAddons(dir, names);
    for (const entry of entries) {
      if (foreign.has(entry.name)) continue;
      const path = join(dir, entry.name);
      if (entry.isDirectory()) {
        // Nested packages are packages of their own: shipped when something asks for them.
        if (entry.name === "node_modules" || entry.name === ".git") continue;
        if (isNoiseFolder(path, packageDir) && ![...input.reached].some((file) => file.startsWith(path + sep)))
          continue;
        walk(path);
      } else if (entry.isFile()) {
        if ((isNoise(path, packageDir) || (compiled && isBuildInput(path))) && !input.reached.has(path)) continue;
        const mode = lstatSync(path).mode & 0o111 ? 0o755 : 0o644;
        const at = imagePath(path, input);
        files.set(at, { path: at, source: { file: path }, mode });
      } else if (entry.isSymbolicLink()) {
        const target = readlinkSync(path);
        if (isAbsolute(target) || !inside(join(dir, target), packageDir)) continue;
        const at = imagePath(path, input);
        files.set(at, { path: at, source: { link: target }, mode: 0o777 });
      }
    }
  };
  walk(packageDir);
}

/** Links on the way from the root to a folder: each is shipped, and the way goes on behind it. */
function addLinks(seen: string, input: ExternalFilesInput, files: Map<string, BundleFile>): void {
  if (!inside(seen, input.root)) return;
  let at = input.root;
  for (const part of relative(input.root, seen).split(sep)) {
    const path = join(at, part);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      at = path;
      continue;
    }
    const real = realpathSync(path);
    const target = readlinkSync(path);
    const image = imagePath(path, input);
    files.set(image, {
      path: image,
      source: { link: isAbsolute(target) ? relative(dirname(path), real) : target },
      mode: 0o777,
    });
    at = real;
    if (!inside(at, input.root)) return;
  }
}

/** Folders at the top of a package that running code does not need; kept where a reached file lies in them. */
function isNoiseFolder(path: string, packageDir: string): boolean {
  const name = basename(path);
  if (name.startsWith(".") && dirname(path) === packageDir)
    return (
      name === ".github" || name === ".vscode" || name === ".circleci" || name === ".husky" || name === ".nyc_output"
    );
  if (dirname(path) === packageDir)
    // Not examples and docs: programs list and serve those of their plug-ins.
    return /^(?:tests?|__tests__|__mocks__|benchmarks?|coverage|powered-test|man)$/.test(name);
  // Layout of prebuildify: one folder a platform.
  if (basename(dirname(path)) === "prebuilds") return !/^linux-x64(?:\+.*)?$/.test(name);
  // What node-gyp leaves between the sources and the addon.
  return /[\\/]build[\\/](?:Release|Debug)$/.test(dirname(path)) && /^(?:obj|obj\.target|\.deps)$/.test(name);
}

/** What an addon is compiled from, and how: nothing opens that once it is there. */
function isBuildInput(path: string): boolean {
  return /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|gyp|gypi|mk|o|a)$/.test(path);
}

function isNoise(path: string, packageDir: string): boolean {
  const name = basename(path);
  if (/\.d\.[cm]?ts$|\.[cm]?js\.map$|\.d\.[cm]?ts\.map$|\.tsbuildinfo$|\.flow$|\.musl\.node$/.test(name)) return true;
  if (dirname(path) !== packageDir) return false;
  return /^(?:readme|changelog|changes|history|contributing|security|code_of_conduct|governance|authors|upgrading|migration)\b.*$/i.test(
    name,
  ) && !/\.[cm]?js(?:on)?$/.test(name)
    ? true
    : /^(?:\.(?:eslint|prettier|editorconfig|travis|npmignore|gitattributes|nycrc|jshint|babelrc|mocharc|taprc).*|tsconfig.*\.json|\.npmignore|Makefile|Gruntfile\.js|Gulpfile\.js|karma\.conf\.js|bower\.json)$/.test(
        name,
      );
}
