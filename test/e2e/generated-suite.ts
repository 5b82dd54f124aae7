/**
 * Generated Dockerfiles: written by `init` for small real apps, built by docker on stand-ins for the official images, started,
 * asked and stopped. At the end stands what each took.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { build } from "../../src/pipeline/build.ts";
import { planInit, writeInit } from "../../src/pipeline/init.ts";
import { lint } from "../../src/pipeline/lint.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type Dockerd, startDockerd } from "../support/dockerd.ts";
import { runApp } from "../support/running-app.ts";
import { createStandIns, type StandIns } from "../support/stand-in-images.ts";
import type { GeneratedApp } from "./generated-apps.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** Declares a test for each app. @param ready the machine has what they need */
export function testGenerated(ready: boolean, apps: Readonly<Record<string, GeneratedApp>>): void {
  describe.skipIf(!ready)("a generated Dockerfile is built, answers and stops", () => {
    let workshop: Workshop;
    let registry: DockerRegistry;
    let dockerd: Dockerd;
    let standIns: StandIns;
    const took: string[] = [];

    beforeAll(async () => {
      workshop = openWorkshop();
      registry = await startDockerRegistry();
      dockerd = await startDockerd({ mirrors: [registry.url] });
      process.env["DOCKER_HOST"] = dockerd.host;
      standIns = createStandIns(workshop.root, dockerd.host, registry.host);
    }, 120_000);

    afterAll(async () => {
      console.log(`Stand-ins: ${standIns?.took.join(", ")}\nBuilds: ${took.join(", ")}`);
      await dockerd?.stop();
      delete process.env["DOCKER_HOST"];
      await registry?.close();
      workshop?.close();
    }, 60_000);

    test.each(Object.entries(apps))(
      "%s",
      async (name, app) => {
        const dir = workshop.dir(name.replaceAll(" ", "-"));
        if (app.example)
          cpSync(join(packageRoot(), "examples", app.example), dir, {
            recursive: true,
            filter: (path) => !path.includes("node_modules"),
          });
        for (const [path, text] of Object.entries(app.files ?? {})) {
          mkdirSync(dirname(join(dir, path)), { recursive: true });
          writeFileSync(join(dir, path), text);
        }
        app.prepare?.(dir);
        const report = planInit(dir, app.workspace === undefined ? {} : { workspace: app.workspace });
        writeInit(dir, report, true);
        const text = readFileSync(join(dir, "Dockerfile"), "utf8");
        const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir });
        expect(findings.map(({ rule, message }) => `${rule} ${message}\n${text}`)).toEqual([]);
        const bases = [...text.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, base]) => base as string);
        for (const base of ["docker/dockerfile:1", ...new Set(bases)]) await standIns.need(base);
        const begin = performance.now();
        const mirrors = Object.fromEntries(
          ["docker.io", "gcr.io"].map((host) => [host, { urls: [registry.url], strict: true }]),
        );
        const { name: image, buildpack } = await build({
          dir,
          engine: "docker",
          tags: [`${name.replaceAll(" ", "-")}:latest`],
          registry: { plainHttp: [registry.host] },
          overrides: { mirrors, dockerfile: { network: "host" } },
        }).catch((error) => {
          throw new Error(`${error.message}\n${error.detail ?? ""}\n${text}`);
        });
        expect(buildpack).toBe("dockerfile");
        took.push(`${name} ${((performance.now() - begin) / 1000).toFixed(0)}`);
        const running = await runApp(workshop.knbuild.program, [image, "--sandbox", "runc"]);
        let code: number;
        try {
          for (const [path, expected] of Object.entries(app.asks)) {
            const response = await fetch(running.url + path, { headers: { connection: "close" } });
            expect(`${response.status} ${await response.text()}`).toContain(`200 ${expected}`);
          }
        } finally {
          code = await running.interrupt();
        }
        expect(code, running.output()).toBe(app.ignoresSigterm ? 1 : 0);
        // Nobody builds it again; the stand-ins are images, and stay.
        rmSync(dir, { recursive: true, force: true });
        spawnSync("docker", ["builder", "prune", "--all", "--force"], { stdio: "ignore" });
      },
      600_000,
    );
  });
}
