/** Programs that run in a browser, an editor, on a desk or a phone, whatever builds them: none of them is a service. */
import { notAServer, type Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { toolsOf } from "./build-script.ts";
import { findEntry } from "./entry.ts";
import { findFramework } from "./frameworks.ts";
import { startable } from "./tools.ts";
import { simpleCommands } from "./words.ts";

interface Place {
  /** Lines that say so. */
  evidence(app: App): string[];
  /** As a predicate. */
  what: string;
}

const EXTENSION_BUILDERS = ["wxt", "plasmo", "@crxjs/vite-plugin"];

/** Of these `web-ext` is a program as well: it starts a browser with the extension. */
const EXTENSION_TYPES = ["@types/chrome", "@types/firefox-webext-browser", "webextension-polyfill", "web-ext"];

const PLACES: readonly Place[] = [
  {
    what: "an extension of a browser, which the browser loads",
    evidence: (app) => [
      ...extensionManifests(app.source),
      ...dependencies(app, EXTENSION_BUILDERS),
      ...(dependencies(app, EXTENSION_TYPES).length > 0 ? extensionManifests(app.source, foldersOf(app)) : []),
    ],
  },
  {
    what: "an extension of Visual Studio Code, which the editor loads",
    evidence: ({ manifest }) =>
      manifest?.engines["vscode"] === undefined ? [] : [`package.json engines.vscode: ${manifest.engines["vscode"]}`],
  },
  {
    what: "a desktop program, which Electron runs",
    evidence: (app) => (dependencies(app, ["electron"]).length > 0 ? electronScripts(app) : []),
  },
  {
    what: "a desktop program, which Tauri runs",
    evidence: (app) => (dependencies(app, ["@tauri-apps/api"]).length > 0 ? tauriSettings(app) : []),
  },
  {
    what: "a plugin of Obsidian, which the editor loads",
    evidence: ({ source }) => files(source, ["manifest.json"], /"minAppVersion"\s*:/),
  },
  {
    what: "a plugin of Figma, which the editor loads",
    evidence: ({ source }) => files(source, ["manifest.json"], /"editorType"\s*:/),
  },
  {
    what: "a mobile app, which React Native runs on a phone",
    // Of the same code a framework may make pages.
    evidence: (app) => {
      if (findFramework(app)) return [];
      const named = dependencies(app, ["react-native"]);
      return named.length > 0 ? named : entryImports(app, "react-native");
    },
  },
  {
    what: "a program that makes infrastructure, which SST runs",
    // It may deploy a site or a server of a framework's, which that one's own script builds.
    evidence: ({ source, build }) =>
      build && toolsOf(build.line, {}, 0).includes("sst")
        ? ["sst.config.ts"].filter((file) => source.isFile(file))
        : [],
  },
  {
    what: "a program that makes infrastructure, which the CDK runs",
    evidence: (app) =>
      app.start || findEntry(app).entry?.look?.verdict === "serves" || findFramework(app)
        ? []
        : files(app.source, ["cdk.json"], /"app"\s*:/),
  },
  {
    what: "a program that makes infrastructure, which Pulumi runs",
    evidence: (app) => {
      const settings = files(app.source, ["Pulumi.yaml", "Pulumi.yml"], /^runtime:\s*(?:name:\s*)?['"]?nodejs\b/m);
      // It may lie beside the app whose infrastructure it makes.
      return app.start || findEntry(app).entry?.look?.verdict === "serves" || findFramework(app) ? [] : settings;
    },
  },
  {
    what: "an action of GitHub, which a workflow runs",
    evidence: ({ source }) => files(source, ["action.yml", "action.yaml"], /^\s*using:\s*['"]?node\d/m),
  },
];

/** A file that the user named is what counts. @throws NOT_A_SERVER */
export function assertNotElsewhere(app: App): void {
  if (app.options.entrypoint !== undefined) return;
  for (const { evidence, what } of PLACES) {
    const found = evidence(app);
    if (found.length === 0) continue;
    if (startsServer(app)) return;
    throw notAServer({
      why: `it is ${what}`,
      where: app.source.root,
      looked: found,
      hint: "Where the project has a server besides, build its directory, or name its file: `entrypoint` in knbuild.yaml.",
    });
  }
}

/** The start script or the Procfile starts a server, and not one for development: the other program only lies beside it. */
function startsServer(app: App): boolean {
  const { start, manifest } = app;
  if (start?.kind === "tool") {
    const forBrowsers = [...EXTENSION_BUILDERS, ...EXTENSION_TYPES].includes(start.target);
    if (!startable(app, start.target) || isElectron(start.target) || forBrowsers) return false;
    const found = findFramework(app);
    return found ? !("static" in found.framework.plan(app).start) : manifest?.dependencies[start.target] !== undefined;
  }
  const entry = start?.kind === "file" ? findEntry(app).entry : undefined;
  if (entry?.look?.verdict !== "serves" || /(?:^|[/._-])dev(?=[._-]|$)/.test(entry.file)) return false;
  return !entry.look.packages.some(
    (name) => manifest?.devDependencies[name] !== undefined && manifest.dependencies[name] === undefined,
  );
}

const USUAL_FOLDERS = ["", "src/", "public/", "static/", "app/", "chrome/", "extension/"];

/** The others of the top directory. */
function foldersOf({ source }: App): string[] {
  const folders = source.names().filter((name) => /^[\w-]+$/.test(name) && source.isDirectory(name));
  return folders.map((name) => `${name}/`).filter((folder) => !USUAL_FOLDERS.includes(folder));
}

/**
 * Manifests of a browser's extension, in the folders where they usually lie, the root's first. A web app's own manifest.json has no
 * such version (developer.chrome.com/docs/extensions/reference/manifest).
 */
export function extensionManifests(source: Source, folders: readonly string[] = USUAL_FOLDERS): string[] {
  const there = folders.flatMap((folder) =>
    source
      .names(folder === "" ? "." : folder.slice(0, -1))
      .filter((name) => /^manifest(?:\.[\w-]+)?\.json$/.test(name))
      .map((name) => folder + name),
  );
  return files(source, there, /"manifest_version"\s*:\s*[23]\b/);
}

/** Pages that only Tauri's own window can show; those that ask where they are shown run in a browser as well. */
function tauriSettings({ source }: App): string[] {
  const settings = ["json", "json5"]
    .map((type) => `src-tauri/tauri.conf.${type}`)
    .filter((file) => source.isFile(file));
  const scripts = source.list().flatMap(({ path }) => (/^src\/.*\.(?:[jt]sx?|vue|svelte)$/.test(path) ? [path] : []));
  const asks = scripts.some((file) => /\bisTauri\b|\b__TAURI/.test(source.read(file) ?? ""));
  return asks ? [] : settings;
}

function electronScripts({ manifest }: App): string[] {
  return ["start", "dev", "build"].flatMap((name) => {
    const line = manifest?.scripts[name];
    const runs = line !== undefined && simpleCommands(line).some(({ words }) => words.some(isElectron));
    return runs ? [`package.json scripts.${name}: ${line}`] : [];
  });
}

function isElectron(word: string): boolean {
  return /^electron(?:-(?:forge|vite|builder|webpack))?$/.test(word);
}

function dependencies(app: App, names: readonly string[]): string[] {
  return names.flatMap((name) => (app.dependency(name) ? [`package.json: dependency ${name}`] : []));
}

/** Of a module that only its host has. */
function entryImports(app: App, name: string): string[] {
  const { entry, rejected } = findEntry(app);
  const found = [...(entry ? [entry] : []), ...rejected].find(({ look }) => look?.packages.includes(name));
  return found ? [`${found.file} imports ${name}`] : [];
}

function files(source: Source, paths: readonly string[], says: RegExp): string[] {
  return paths.filter((file) => says.test(source.read(file) ?? ""));
}
