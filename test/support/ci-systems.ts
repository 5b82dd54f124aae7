/** Runs the shipped CI files as their systems do: placeholders filled in, scripts in a clean environment. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

export interface StepResult {
  name: string;
  code: number;
  output: string;
}

type Env = Record<string, string>;

/** Not spawnSync: the services that the program talks to live in this process. */
export function runProcess(
  program: string,
  args: string[],
  options: { cwd: string; env: Env; input?: string; timeoutMs?: number },
): Promise<{ code: number; stdout: string; stderr: string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: "pipe",
      timeout: options.timeoutMs ?? 120_000,
    });
    let [stdout, stderr, output] = ["", "", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr, output }));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** A directory with one program, `knbuild`, to put on the PATH. */
export function binWith(dir: string, program: string): string {
  const bin = join(dir, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "knbuild"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(join(bin, "knbuild"), 0o755);
  return bin;
}

/** What a runner starts with: nothing of this process but where programs are. */
export function cleanEnv(bin: string | undefined, home: string): Env {
  return { PATH: `${bin ? `${bin}:` : ""}/usr/local/bin:/usr/bin:/bin`, HOME: home, LANG: "C.UTF-8" };
}

interface Action {
  inputs: Record<string, { default?: string; required?: boolean }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: { id?: string; name?: string; if?: string; shell: string; env?: Env; run: string }[] };
}

/** A composite action, step by step (docs: "Metadata syntax for GitHub Actions"). Stops at the first step that fails. */
export async function runAction(
  file: string,
  inputs: Record<string, string>,
  { workspace, temp, env }: { workspace: string; temp: string; env: Env },
): Promise<{ steps: StepResult[]; outputs: Record<string, string>; summary: string }> {
  const action = parse(readFileSync(file, "utf8")) as Action;
  const values: Record<string, string> = {};
  for (const [name, input] of Object.entries(action.inputs)) {
    const given = inputs[name];
    if (given === undefined && input.required) throw new Error(`the input ${name} is required`);
    values[`inputs.${name}`] = given ?? input.default ?? "";
  }
  for (const name of Object.keys(inputs)) if (!(name in action.inputs)) throw new Error(`no such input: ${name}`);
  const fill = (text: string) =>
    String(text).replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, name: string) => {
      if (values[name] === undefined && !name.startsWith("steps.")) throw new Error(`unknown expression ${name}`);
      return values[name] ?? "";
    });
  const summaryFile = join(temp, "summary.md");
  const pathFile = join(temp, "path");
  writeFileSync(summaryFile, "");
  writeFileSync(pathFile, "");
  const steps: StepResult[] = [];
  for (const [index, step] of action.runs.steps.entries()) {
    if (step.if !== undefined) {
      const condition = /^(inputs\.\w+) == '(\w+)'$/.exec(step.if);
      if (!condition) throw new Error(`condition not understood: ${step.if}`);
      if (values[condition[1]!] !== condition[2]) continue;
    }
    const outputFile = join(temp, `output-${index}`);
    const script = join(temp, `step-${index}.sh`);
    writeFileSync(outputFile, "");
    // `shell: bash` is `bash --noprofile --norc -eo pipefail {0}`.
    writeFileSync(script, fill(step.run));
    const extra = readFileSync(pathFile, "utf8").trim().split("\n").filter(Boolean);
    const result = await runProcess("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd: workspace,
      env: {
        ...env,
        PATH: [...extra.reverse(), env["PATH"]].join(":"),
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, fill(text)])),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        GITHUB_PATH: pathFile,
        RUNNER_TEMP: temp,
      },
    });
    for (const line of readFileSync(outputFile, "utf8").split("\n")) {
      const equals = line.indexOf("=");
      if (equals > 0 && step.id) values[`steps.${step.id}.outputs.${line.slice(0, equals)}`] = line.slice(equals + 1);
    }
    steps.push({ name: step.name ?? "", code: result.code, output: result.output });
    if (result.code !== 0) break;
  }
  const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value)]));
  return { steps, outputs, summary: readFileSync(summaryFile, "utf8") };
}

interface GitLabJob {
  stage: string;
  image: { name: string };
  variables: Env;
  script: string[];
  artifacts: { reports: { dotenv: string } };
}

/** A CI/CD component: inputs are put in as text, then variables are expanded, then the script runs in one shell. */
export async function runGitLabComponent(
  file: string,
  inputs: Record<string, string>,
  { checkout, env }: { checkout: string; env: Env },
): Promise<{ name: string; image: string; code: number; output: string; dotenv: Record<string, string> }> {
  const text = readFileSync(file, "utf8");
  const header = parseAllDocuments(text)[0]!.toJS() as {
    spec: { inputs: Record<string, { default?: string } | null> };
  };
  const declared = header.spec.inputs;
  for (const name of Object.keys(inputs)) if (!(name in declared)) throw new Error(`no such input: ${name}`);
  const body = text
    .slice(text.indexOf("\n---\n") + 5)
    .replace(/\$\[\[\s*inputs\.(\w+)\s*\]\]/g, (_all, name: string) => {
      const value = inputs[name] ?? declared[name]?.default;
      if (value === undefined) throw new Error(`the input ${name} has no value`);
      return value;
    });
  const [[name, job]] = Object.entries(parse(body) as Record<string, GitLabJob>) as [[string, GitLabJob]];
  const variables: Env = { ...env, CI: "true", GITLAB_CI: "true", CI_PROJECT_DIR: checkout };
  const expand = (value: string) => value.replace(/\$(\w+)/g, (_all, key: string) => variables[key] ?? "");
  for (const [key, value] of Object.entries(job.variables)) variables[key] = expand(value);
  const result = await runProcess("sh", ["-e"], { cwd: checkout, env: variables, input: job.script.join("\n") });
  const dotenv: Record<string, string> = {};
  if (result.code === 0) {
    for (const line of readFileSync(join(checkout, job.artifacts.reports.dotenv), "utf8").trim().split("\n")) {
      dotenv[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    }
  }
  return { name, image: job.image.name, code: result.code, output: result.output, dotenv };
}

interface TektonTask {
  spec: {
    params: { name: string; type?: string; default?: string | string[] }[];
    workspaces: { name: string; optional?: boolean }[];
    results: { name: string }[];
    steps: {
      name: string;
      image: string;
      workingDir: string;
      env: { name: string; value: string }[];
      args: string[];
      script: string;
    }[];
  };
}

/** A Task's one step: `$(…)` replaced, array parameters spread, the script started with the arguments. */
export async function runTektonTask(
  file: string,
  params: Record<string, string | string[]>,
  workspaces: Record<string, string>,
  { results, env }: { results: string; env: Env },
): Promise<{ code: number; output: string; results: Record<string, string> }> {
  const { spec } = parse(readFileSync(file, "utf8")) as TektonTask;
  const values: Record<string, string> = {};
  const arrays: Record<string, string[]> = {};
  for (const param of spec.params) {
    const value = params[param.name] ?? param.default;
    if (value === undefined) throw new Error(`the parameter ${param.name} has no value`);
    if (Array.isArray(value)) arrays[`params.${param.name}[*]`] = value;
    else values[`params.${param.name}`] = value;
  }
  for (const { name, optional } of spec.workspaces) {
    const path = workspaces[name];
    if (path === undefined && !optional) throw new Error(`the workspace ${name} is not bound`);
    values[`workspaces.${name}.path`] = path ?? "";
    values[`workspaces.${name}.bound`] = String(path !== undefined);
  }
  for (const { name } of spec.results) values[`results.${name}.path`] = join(results, name);
  const fill = (text: string) =>
    text.replace(/\$\(([^)]+)\)/g, (_all, name: string) => {
      if (values[name] === undefined) throw new Error(`unknown variable ${name}`);
      return values[name];
    });
  const step = spec.steps[0]!;
  const args = step.args.flatMap((arg) => {
    const array = /^\$\((.+)\)$/.exec(arg)?.[1];
    return array && arrays[array] ? arrays[array] : [fill(arg)];
  });
  const script = join(results, "script");
  writeFileSync(script, fill(step.script));
  chmodSync(script, 0o755);
  const result = await runProcess(script, args, {
    cwd: fill(step.workingDir),
    env: {
      ...env,
      ...Object.fromEntries(
        step.env.filter(({ name }) => name !== "HOME").map(({ name, value }) => [name, fill(value)]),
      ),
    },
  });
  const read = Object.fromEntries(
    spec.results.flatMap(({ name }) => {
      try {
        return [[name, readFileSync(join(results, name), "utf8")]];
      } catch {
        return [];
      }
    }),
  );
  return { code: result.code, output: result.output, results: read };
}

interface CloudBuild {
  substitutions: Env;
  steps: { id: string; name: string; entrypoint?: string; args: string[]; env: string[] }[];
}

/** The steps of a Cloud Build configuration with its substitutions filled in (`$NAME`, `${NAME}`, in one another too). */
export function cloudBuildSteps(file: string, substitutions: Env): { name: string; args: string[]; env: Env }[] {
  const config = parse(readFileSync(file, "utf8")) as CloudBuild;
  const values: Env = { ...config.substitutions, ...substitutions };
  const fill = (text: string): string => {
    const once = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_all, a?: string, b?: string) => values[(a ?? b)!] ?? "");
    return once === text ? text : fill(once);
  };
  return config.steps.map((step) => ({
    name: fill(step.name),
    args: step.args.map(fill),
    env: Object.fromEntries(
      step.env.map(fill).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    ),
  }));
}
