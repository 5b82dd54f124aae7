/** After random edits the short way and the long way give the same image and the same words, against a real registry. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isKnbuildError } from "../../src/base/errors.ts";
import { silent } from "../../src/base/events.ts";
import { copy } from "../../src/oci/copy.ts";
import { build } from "../../src/pipeline/build.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { buildEdit } from "../../src/pipeline/edit-build.ts";
import { recallCall } from "../../src/pipeline/same-call.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { randomImage } from "../registry/random-image.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";

const APP: Record<string, string> = {
  "package.json": JSON.stringify({
    name: "edited",
    version: "1.0.0",
    scripts: { start: "node server.js" },
    dependencies: { tiny: "1.0.0" },
  }),
  "package-lock.json": JSON.stringify({
    name: "edited",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": { name: "edited", version: "1.0.0", dependencies: { tiny: "1.0.0" } },
      "node_modules/tiny": { version: "1.0.0" },
    },
  }),
  "node_modules/.package-lock.json": JSON.stringify({
    name: "edited",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "node_modules/tiny": { version: "1.0.0" } },
  }),
  "node_modules/tiny/package.json": JSON.stringify({ name: "tiny", version: "1.0.0", main: "index.js" }),
  "node_modules/tiny/index.js": 'exports.tiny = "tiny";\n',
  "node_modules/tiny/extra.js": 'exports.extra = "extra";\n',
  "server.js": `const http = require("http");
const { greet } = require("./lib/greet");
const { side } = require("./lib/side");
http.createServer((req, res) => res.end(greet(req.url) + side())).listen(process.env.PORT || 8080);
`,
  "lib/greet.js": 'const { tiny } = require("tiny");\nexports.greet = (name) => "Hello, " + name + tiny;\n',
  "lib/side.js": 'exports.side = () => require("./values.json").side;\n',
  "lib/values.json": '{ "side": "by side" }\n',
  "lib/other.js": 'exports.other = "other";\n',
  "data.json": '{ "data": 1 }\n',
};
const OWN = ["server.js", "lib/greet.js", "lib/side.js"];

let scratch: string;
let registry: DockerRegistry;
let app: string;

const at = (path: string): string => join(app, path);

function lay(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    if (existsSync(at(path)) && readFileSync(at(path), "utf8") === text) continue;
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-edit-"));
  registry = await startDockerRegistry();
  const { target, descriptor } = await randomImage([1000]);
  const client = createRegistryClient({ env: {}, cacheDir: null });
  const base = client.repository(`${registry.host}/base`, { access: "push" });
  await copy(target, base, { reference: descriptor.digest, tags: ["1"] });
  client.close();
});
afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

let made = 0;
let builds = 0;
beforeEach(async () => {
  app = join(scratch, String(made++), "app");
  lay(APP);
  // Packages as young as this would not be remembered by their times.
  await pause(100);
});

/** As a command line `build . --push -t TAG` is understood. */
function call(cache: string, tag = `${registry.host}/edited:${builds++}`) {
  const env = { PATH: process.env["PATH"], HOME: scratch, KNBUILD_CACHE_DIR: join(app, "..", cache) };
  return { argv: ["build", ".", "--push", "-t", tag], tags: [tag], cwd: app, env };
}

type Outcome = { report: BuildReport } | { code: string };

async function outcome(task: Promise<BuildReport>): Promise<Outcome> {
  try {
    return { report: await task };
  } catch (error) {
    if (!isKnbuildError(error)) throw error;
    return { code: error.code };
  }
}

function long({ argv, tags, cwd, env }: ReturnType<typeof call>, fresh = false): Promise<Outcome> {
  const cacheDir = env.KNBUILD_CACHE_DIR;
  const overrides = { base: `${registry.host}/base:1` };
  return outcome(
    build({ dir: ".", cwd, env, cacheDir, call: argv, tags, push: true, outputs: [], overrides, registry: {}, fresh }),
  );
}

/** As the program does: the short way, and where it leads nowhere the long one. */
async function short(one: ReturnType<typeof call>): Promise<Outcome & { way: "short" | "long" }> {
  const report = await buildEdit({ ...one, emit: silent, signal: new AbortController().signal });
  return report ? { report, way: "short" } : { ...(await long(one)), way: "long" };
}

/** What a build says, without what depends on what was built before. */
function said(found: Outcome): unknown {
  if ("code" in found) return found.code;
  const { timingsMs: _, outputs, layers, warnings, ...rest } = found.report;
  return {
    ...rest,
    layers: layers.map(({ cached: _cached, ...layer }) => layer),
    outputs: outputs.map(({ type, ref }) => ({ type, ref })),
    warnings: [...warnings].sort(),
  };
}

async function bothWays(): Promise<"short" | "long"> {
  const tag = `${registry.host}/edited:${builds++}`;
  const found = await short(call("short", tag));
  expect(said(found)).toEqual(said(await long(call("long", tag))));
  return found.way;
}

const edits: Record<string, (file: string, word: string) => void> = {
  "a constant": (file, word) => appendFileSync(at(file), `exports.word = "${word}";\n`),
  "a comment above all": (file, word) => writeFileSync(at(file), `// ${word}\n${readFileSync(at(file), "utf8")}`),
  "no change but the time": (file) => utimesSync(at(file), new Date(), new Date()),
  "as it was": (file) => writeFileSync(at(file), APP[file] as string),
  "a file of the app that is there": (file) =>
    appendFileSync(at(file), `require("${file === "server.js" ? "./lib/other.js" : "./other.js"}");\n`),
  "the same module again": (file) => appendFileSync(at(file), 'exports.again = require("tiny").tiny;\n'),
  "another module of a package": (file) => appendFileSync(at(file), 'exports.extra = require("tiny/extra");\n'),
  "a package that is not there": (file) => appendFileSync(at(file), 'require("nowhere");\n'),
  "a package that may be missing": (file) => appendFileSync(at(file), 'try { require("maybe"); } catch {}\n'),
  "its own place": (file) => appendFileSync(at(file), "exports.here = __dirname;\n"),
  "a file read at run time": (file) => appendFileSync(at(file), 'require("fs").readFileSync("data.json");\n'),
  "a computed require": (file, word) => appendFileSync(at(file), `exports.load = (x) => require(x + "${word}");\n`),
  "a SIGTERM handler": (file) => appendFileSync(at(file), 'process.on("SIGTERM", () => process.exit(0));\n'),
  "a broken line": (file) => appendFileSync(at(file), "const = ;\n"),
  "a port that is fixed": () =>
    writeFileSync(at("server.js"), (APP["server.js"] as string).replace("process.env.PORT || 8080", "3000")),
  "work at all times": (file) => appendFileSync(at(file), 'setInterval(() => fetch("http://other/"), 1000);\n'),
  "a bind to localhost": () =>
    writeFileSync(at("server.js"), (APP["server.js"] as string).replace("|| 8080)", '|| 8080, "127.0.0.1")')),
  "a TLS server": (file) => appendFileSync(at(file), 'require("https").createServer({}).listen(8443);\n'),
  "a private key": (file, word) =>
    appendFileSync(
      at(file),
      `exports.key = "-----BEGIN RSA PRIVATE KEY-----\\n${Buffer.from(word.repeat(90)).toString("base64").slice(0, 800)}";\n`,
    ),
  "much text": (file, word) => appendFileSync(at(file), `exports.much = ${JSON.stringify(word.repeat(8000))};\n`),
  "a new file": (_file, word) => writeFileSync(at(`lib/new-${word}.js`), "exports.fresh = 1;\n"),
  "a file less": () => rmSync(at("lib/other.js"), { force: true }),
  "the file that is asked for again": () => lay({ "lib/other.js": APP["lib/other.js"] as string }),
  "JSON of the bundle": (_file, word) => writeFileSync(at("lib/values.json"), `{ "side": "${word}" }\n`),
  "data beside it": (_file, word) => writeFileSync(at("data.json"), `{ "data": "${word}" }\n`),
  "another version": (_file, word) =>
    writeFileSync(at("package.json"), (APP["package.json"] as string).replace("1.0.0", `1.0.0-${word}`)),
  "a package's code": (_file, word) => writeFileSync(at("node_modules/tiny/index.js"), `exports.tiny = "${word}";\n`),
  "a configuration": () => writeFileSync(at("knbuild.yaml"), "env: { A: b }\n"),
  "a mode": (file) => chmodSync(at(file), 0o755),
};

describe("a build after an edit", () => {
  test("is the same on both ways, whatever was edited", async () => {
    const one = fc.tuple(
      fc.constantFrom(...Object.keys(edits)),
      fc.constantFrom(...OWN),
      fc.stringMatching(/^[a-z]{5}$/),
    );
    // One app for all: what one edit leaves is what the next begins with.
    await short(call("short"));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 2 }), fc.boolean(), async (chosen, back) => {
        if (back) lay(APP);
        for (const [name, file, word] of chosen) edits[name]?.(file, word);
        await bothWays();
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false, endOnFailure: true },
    );
  }, 180_000);

  test("takes the short way where text alone was edited, again and again, and the record serves the same call", async () => {
    await short(call("short"));
    for (const name of ["a constant", "a comment above all", "the same module again", "as it was"]) {
      edits[name]?.("lib/greet.js", name);
      expect([name, await bothWays()]).toEqual([name, "short"]);
    }
    appendFileSync(at("server.js"), "// the last\n");
    const last = call("short");
    const found = await short(last);
    const again = await recallCall(last);
    expect(again).toMatchObject({ digest: "report" in found && found.report.digest, unchanged: true });
    // From nothing, too.
    expect(said(await long({ ...call("anew"), tags: last.tags }))).toEqual(said(found));
  }, 60_000);

  test("takes the long way where it may change more than the app's own layer", async () => {
    for (const name of [
      "a file of the app that is there",
      "its own place",
      "a file read at run time",
      "a SIGTERM handler",
      "a broken line",
      "a TLS server",
      "a port that is fixed",
      "a private key",
      "a new file",
      "JSON of the bundle",
      "another version",
      "a package's code",
    ]) {
      lay(APP);
      await pause(100);
      await short(call("short"));
      // With nothing edited the short way is open.
      expect((await short(call("short"))).way).toBe("short");
      edits[name]?.("lib/greet.js", "words");
      expect([name, await bothWays()]).toEqual([name, "long"]);
      rmSync(at("lib/new-words.js"), { force: true });
    }
  }, 120_000);

  test("tells what it finds in the edited file", async () => {
    await short(call("short"));
    edits["work at all times"]?.("lib/greet.js", "");
    const found = await short(call("short"));
    expect(found).toMatchObject({ way: "short", report: { warnings: [expect.stringContaining("KS030")] } });
  });
});
