/** Files that lie beside a package's own and listen: nothing names them. */
import { expect, it } from "vitest";
import { plan } from "../../src/pipeline/plan.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

const LISTENS = "require('http').createServer((req, res) => res.end()).listen(process.env.PORT);\n";
const IDLE = "console.log(process.argv);\n";

it.each([
  ["an example of a library", { main: "lib.js" }, { "lib.js": "exports.one = 1;\n", "example.js": LISTENS }],
  ["what a tool is tried with", { bin: { measure: "cli.js" } }, { "cli.js": IDLE, "target.js": LISTENS }],
])("is not the server: %s", (_name, manifest, files) =>
  withSkeleton({ "package.json": manifest, ...files }, (source) => {
    expect(() => plan({ source, nodeBases: TEST_BASES })).toThrow(/not a web server|nothing says which file starts/);
  }),
);

it("is the server where the package has no program", () =>
  withSkeleton(
    { "package.json": { main: "lib.js" }, "lib.js": "exports.one = 1;\n", "target.js": LISTENS },
    (source) => {
      expect(plan({ source, nodeBases: TEST_BASES }).entrypoint.file).toBe("target.js");
    },
  ));
