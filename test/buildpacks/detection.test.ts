import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";
import { detect } from "../../src/pipeline/detect.ts";
import { plan } from "../../src/pipeline/plan.ts";
import type { Plan } from "../../src/plan/types.ts";
import { openSource } from "../../src/source/open.ts";
import { DETECTION_CASES } from "./detection-cases.ts";
import { TEST_BASES } from "./node-bases.ts";
import { nodeDoc } from "./node-doc.ts";
import { withSkeleton } from "./skeleton.ts";

it("has at least 60 skeletons, each with its own name", () => {
  expect(DETECTION_CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(DETECTION_CASES.map(({ name }) => name)).size).toBe(DETECTION_CASES.length);
});

it.each(DETECTION_CASES.map((test) => [test.name, test] as const))("%s", (_name, test) =>
  withSkeleton(test.files, (root) => {
    const source = openSource(root);
    const report = detect(source);
    expect(report.selected).toBe(test.selected);
    const found = report.candidates.find(({ buildpack }) => buildpack === test.selected);
    for (const key of ["framework", "packageManager", "runtimeVersion", "entrypoint"] as const) {
      if (test[key] !== undefined) expect(found?.[key], key).toBe(test[key]);
    }
    if (found) expect(found.evidence.length).toBeGreaterThan(0);
    const make = () => plan({ source, nodeBases: TEST_BASES });
    if (test.error !== undefined) {
      const error = errorOf(make);
      expect(error?.code).toBe(test.error);
      if (test.says !== undefined) expect(error?.detail?.endsWith(test.says), error?.detail).toBe(true);
      return;
    }
    const made = make();
    if (test.starts !== undefined) expect(made.entrypoint.argv.slice(1).join(" ")).toBe(test.starts);
    if (test.warns !== undefined) expect(made.warnings.map(({ code }) => code)).toEqual(test.warns);
    if (test.steps !== undefined) expect(stepsOf(made)).toBe(test.steps);
    if (test.site !== undefined)
      expect(made.steps.find(({ type }) => type === "copy")).toMatchObject({ from: test.site });
    if (test.base !== undefined) expect(made.base.ref).toBe(test.base);
    expect(made.entrypoint.argv[0]).toBe("node");
    expect(made.config.user).toMatch(/^\d+:\d+$/);
    expect(Object.keys(made.config.env)).not.toContain("PORT");
    expect(made.evidence.length).toBeGreaterThan(0);
  }),
);

it("a site is looked for where the build script moves it", () =>
  withSkeleton(
    {
      "package.json": {
        scripts: { build: "rm -rf _static; react-scripts build && mv build _static" },
        dependencies: { "react-scripts": "5.0.1" },
      },
      "public/index.html": "<div id=root></div>",
      "src/index.js": "document.body;",
    },
    (root) => {
      const step = plan({ source: openSource(root), nodeBases: TEST_BASES }).steps.find(
        ({ type }) => type === "host-command",
      );
      const places = step?.type === "host-command" ? step.site?.places : undefined;
      expect(places?.[0]).toBe("build");
      expect(places).toContain("_static");
    },
  ));

it("docs/node.md is what these cases give (node scripts/node-doc.mjs writes it)", async () => {
  const written = readFileSync(new URL("../../docs/node.md", import.meta.url), "utf8");
  expect(written).toBe(await nodeDoc());
});

function errorOf(make: () => unknown): KnbuildError | undefined {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(KnbuildError);
    expect((error as KnbuildError).hint, "every error says what to do").toBeTruthy();
    return error as KnbuildError;
  }
  return undefined;
}

function stepsOf(made: Plan): string {
  return made.steps
    .map((step) =>
      step.type === "install"
        ? `install${step.dev ? "+dev" : ""}${step.program ? "+program" : ""}`
        : step.type === "bundle" && !step.enabled
          ? "bundle(off)"
          : step.type,
    )
    .join(" ");
}
