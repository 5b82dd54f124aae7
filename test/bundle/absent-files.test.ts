/** A package that was published without a file that it loads when the program starts is an error that names both. */
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundle, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

afterAll(removeTemporaryDirs);

const SERVER = 'require("http").createServer((q, r) => r.end("x")).listen(process.env.PORT);\n';

function app(files: Record<string, string>, entry = 'require("web");'): string {
  const dir = join(temporaryDir(), "app");
  writeFiles(dir, { "package.json": '{"name":"app"}', "index.js": `${entry}\n${SERVER}` });
  writeFiles(join(dir, "node_modules/web"), { "package.json": '{"name":"web","version":"1.2.3"}', ...files });
  return dir;
}

const BROKEN = { "index.js": 'require("./lib/server");\n', "lib/server.js": 'require("./parts/events");\n' };

test("a file that a package surely loads and does not have is an error", async () => {
  await expect(bundle(app(BROKEN), "index.js")).rejects.toMatchObject({
    code: "PACKAGE_INCOMPLETE",
    message:
      "web 1.2.3 fails when it is loaded: lib/server.js asks for ./parts/events, which the package does not have",
    where: "index.js → node_modules/web/index.js → node_modules/web/lib/server.js",
  });
});

test("so is one of a package whose own program runs the app", async () => {
  const dir = app({ ...BROKEN, "cli.js": "#!/usr/bin/env node\nrequire('./lib/server');\n" }, "exports.x = 1;");
  await expect(bundle(dir, "node_modules/web/cli.js", { enabled: false })).rejects.toMatchObject({
    code: "PACKAGE_INCOMPLETE",
  });
});

test.each<[string, Record<string, string>, string?]>([
  ["asked for in a try", { "index.js": 'try { require("./fast"); } catch {}' }],
  ["asked for in a function", { "index.js": 'exports.fast = () => require("./fast");' }],
  ["that a hook loads from another kind of file", { "index.js": 'require("./fast");', "fast.coffee": "x = 1" }],
  ["of a package that is loaded in a branch", BROKEN, 'if (process.env.WEB) require("web");'],
  ["written when it is needed", { "index.js": 'require("./made.json");' }],
])("a file %s is none", async (_, files, entry) => {
  await bundle(app(files, entry), "index.js");
});
