import { expect, test } from "vitest";
import { versionRequests } from "../../buildpacks/node/versions.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { openSource } from "../../src/source/open.ts";
import { parseProjectDescriptor } from "../../src/source/project-descriptor.ts";
import { TEST_BASES } from "../buildpacks/node-bases.ts";
import { withSkeleton } from "../buildpacks/skeleton.ts";

const FILES = {
  "a.js": "",
  "docs/a.md": "",
  "docs/deep/b.md": "",
  "src/docs/c.md": "",
  "src/x.js": "",
  "secret.txt": "",
};

const listed = (toml: string, more: Record<string, string> = {}) =>
  withSkeleton({ ...FILES, ...more, "project.toml": toml }, (root) =>
    openSource(root)
      .list()
      .map(({ path }) => path)
      .filter((path) => path !== "project.toml"),
  );

test.each([
  ["without a slash, at any depth", '[io.buildpacks]\nexclude = ["docs"]', ["a.js", "secret.txt", "src/x.js"]],
  ["with one, from the root", '[io.buildpacks]\nexclude = ["/docs/", "*.txt"]', ["a.js", "src/docs/c.md", "src/x.js"]],
  ["taken back", '[build]\nexclude = ["*.md", "!b.md"]', ["a.js", "docs/deep/b.md", "secret.txt", "src/x.js"]],
  ["include", '[build]\ninclude = ["src/", "/a.js"]', ["a.js", "src/docs/c.md", "src/x.js"]],
])("%s", async (_what, toml, expected) => {
  expect(await listed(toml)).toEqual(expected);
});

test(".dockerignore counts besides", async () => {
  const ignored = await listed('[io.buildpacks]\nexclude = ["docs"]', { ".dockerignore": "src" });
  expect(ignored).toEqual([".dockerignore", "a.js", "secret.txt"]);
});

test("variables of the build, in both forms", () => {
  const tables =
    '[[io.buildpacks.build.env]]\nname = "A"\nvalue = "1"\n[[io.buildpacks.build.env]]\nname = "B"\nvalue = "2"';
  expect(parseProjectDescriptor(tables).env).toEqual({ A: "1", B: "2" });
  expect(parseProjectDescriptor('[[build.env]]\nname = "A"\nvalue = "1"').env).toEqual({ A: "1" });
});

test.each([
  ['[build]\ninclude = ["a"]\nexclude = ["b"]', /both/],
  ["[build\n", undefined],
  ["[build]\nexclude = 3", /list/],
  ["[[build.env]]\nvalue = '1'", /name/],
])("%j is refused", (text, message) => {
  expect(() => parseProjectDescriptor(text)).toThrow(expect.objectContaining({ code: "PROJECT_TOML_INVALID" }));
  if (message) expect(() => parseProjectDescriptor(text)).toThrow(message);
});

test("its variables are set for the build script, and choose the Node version before all others", async () => {
  const toml =
    '[[io.buildpacks.build.env]]\nname = "BP_NODE_VERSION"\nvalue = "22"\n[[io.buildpacks.build.env]]\nname = "FLAVOUR"\nvalue = "sour"';
  await withSkeleton(
    {
      "project.toml": toml,
      ".nvmrc": "24",
      "package.json": { name: "a", scripts: { build: "node make.js", start: "node out/server.js" } },
      "make.js": "",
    },
    (root) => {
      expect(versionRequests(openSource(root), undefined)[0]).toMatchObject({
        text: "22",
        from: "project.toml BP_NODE_VERSION",
      });
      const made = plan({ source: root, nodeBases: TEST_BASES });
      expect(made.base.ref).toBe("debian13-node22");
      expect(made.steps.find(({ type }) => type === "host-command")).toMatchObject({ env: { FLAVOUR: "sour" } });
    },
  );
});
