/** The configuration that instructions make, as BuildKit's Dockerfile frontend makes it (dockerfile2llb/convert.go). */

import { durationMs } from "../../base/go-duration.ts";
import { exposedPorts } from "../../dockerfile/expose.ts";
import type { Expanded } from "../../dockerfile/interpret.ts";
import { isStopSignal } from "../../dockerfile/stop-signal.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import type { HistoryEntry, ImageConfig, RuntimeConfig } from "../../oci/manifest.ts";
import { splitPath } from "./file-tree.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEFAULT_SHELL = ["/bin/sh", "-c"];
const HISTORY_COMMENT = "buildkit.dockerfile.v0";

/** Configuration and history of a stage while it grows. */
export interface StageImage {
  config: RuntimeConfig;
  history: HistoryEntry[];
  author: string | undefined;
  /** CMD was given in this stage: an ENTRYPOINT after it leaves it alone. */
  cmdSet: boolean;
}

export function scratchImage(): StageImage {
  return {
    config: { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: "/" },
    history: [],
    author: undefined,
    cmdSet: false,
  };
}

/** A base image's: its triggers have fired and are gone. */
export function imageOfConfig(image: ImageConfig): StageImage {
  const { OnBuild: _fired, ...config } = structuredClone(image.config ?? {});
  config.Env ??= [];
  if (!config.Env.some((pair) => pair.startsWith("PATH="))) config.Env.push(`PATH=${DEFAULT_PATH}`);
  if (config.WorkingDir) config.WorkingDir = absolute("/", config.WorkingDir);
  return { config, history: structuredClone(image.history ?? []), author: image.author, cmdSet: false };
}

export function imageOfStage({ config, history, author }: StageImage): StageImage {
  const { OnBuild: _fired, ...own } = structuredClone(config);
  return { config: own, history: [...history], author, cmdSet: false };
}

/** `path` seen from `directory`, without `.` and `..`. */
export function absolute(directory: string, path: string): string {
  return `/${splitPath(path.startsWith("/") ? path : `${directory}/${path}`).join("/")}`;
}

/** Adds a line to the history; `layer`: the next layer belongs to it. */
export function addHistory(image: StageImage, text: string, layer = false): void {
  image.history.push({ created_by: text, comment: HISTORY_COMMENT, ...(!layer && { empty_layer: true }) });
}

/** Every instruction that makes no layer; WORKDIR's part of the configuration is `setWorkdir`. @throws Error */
export function configure(image: StageImage, instruction: Instruction, expanded: Expanded): void {
  const { config } = image;
  const { args, pairs } = expanded;
  const first = args[0] ?? "";
  switch (instruction.name) {
    case "env":
      for (const { key, value = "" } of pairs) setEnv(config, key, value);
      addHistory(image, `ENV ${shownPairs(expanded)}`);
      break;
    case "label":
      config.Labels = { ...config.Labels, ...Object.fromEntries(pairs.map(({ key, value = "" }) => [key, value])) };
      addHistory(image, `LABEL ${shownPairs(expanded)}`);
      break;
    case "arg":
      addHistory(
        image,
        `ARG ${pairs.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(" ")}`,
      );
      break;
    case "cmd":
      config.Cmd = commandLine(instruction, config);
      config.ArgsEscaped = true;
      image.cmdSet = true;
      addHistory(image, `CMD ${quoted(config.Cmd)}`);
      break;
    case "entrypoint":
      config.Entrypoint = commandLine(instruction, config);
      if (!image.cmdSet) delete config.Cmd;
      addHistory(image, `ENTRYPOINT ${quoted(config.Entrypoint)}`);
      break;
    case "expose": {
      const ports = exposedPorts(args);
      config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
      addHistory(image, `EXPOSE [${ports.join(" ")}]`);
      break;
    }
    case "healthcheck":
      config.Healthcheck = healthcheck(instruction);
      addHistory(image, `HEALTHCHECK ${shownHealthcheck(config.Healthcheck)}`);
      break;
    case "maintainer":
      image.author = first;
      addHistory(image, `MAINTAINER ${first}`);
      break;
    case "onbuild":
      config.OnBuild = [...(config.OnBuild ?? []), triggerText(instruction)];
      break;
    case "shell":
      config.Shell = args;
      addHistory(image, `SHELL [${args.join(" ")}]`);
      break;
    case "stopsignal":
      if (!isStopSignal(first)) throw new Error(`Invalid signal: ${first}`);
      config.StopSignal = first;
      addHistory(image, `STOPSIGNAL ${first}`);
      break;
    case "user":
      if (first === "") delete config.User;
      else config.User = first;
      addHistory(image, `USER ${first}`);
      break;
    case "volume":
      for (const volume of args) if (volume === "") throw new Error("VOLUME specified can not be an empty string");
      config.Volumes = { ...config.Volumes, ...Object.fromEntries(args.map((volume) => [volume, {}])) };
      addHistory(image, `VOLUME [${args.join(" ")}]`);
      break;
    default:
      throw new Error(`${instruction.keyword.value} cannot be built here`);
  }
}

function setEnv(config: RuntimeConfig, key: string, value: string): void {
  config.Env ??= [];
  const at = config.Env.findIndex((pair) => pair.split("=", 1)[0] === key);
  if (at < 0) config.Env.push(`${key}=${value}`);
  else config.Env[at] = `${key}=${value}`;
}

function commandLine({ json, args, rest }: Instruction, config: RuntimeConfig): string[] {
  if (json) return args.map(({ value }) => value);
  return [...(config.Shell?.length ? config.Shell : DEFAULT_SHELL), args[0]?.value ?? rest.value];
}

function shownPairs({ pairs }: Expanded): string {
  return pairs.map(({ key, value = "" }) => `${key}=${value}`).join(" ");
}

/** Go's %q of a list. */
function quoted(list: readonly string[]): string {
  return `[${list.map((text) => JSON.stringify(text)).join(" ")}]`;
}

const NANOSECONDS = 1e6;
const DURATIONS = [
  ["interval", "Interval"],
  ["timeout", "Timeout"],
  ["start-period", "StartPeriod"],
  ["start-interval", "StartInterval"],
] as const;

function healthcheck(instruction: Instruction): Record<string, unknown> {
  if (instruction.healthcheckType?.value.toUpperCase() === "NONE") return { Test: ["NONE"] };
  const words = instruction.args.map(({ value }) => value);
  const check: Record<string, unknown> = { Test: [instruction.json ? "CMD" : "CMD-SHELL", ...words] };
  const flag = (name: string): string => instruction.flags.findLast((one) => one.name === name)?.value ?? "";
  for (const [name, key] of DURATIONS) {
    const duration = flag(name) === "" ? 0 : Math.round(durationMs(flag(name)) * NANOSECONDS);
    if (duration > 0) check[key] = duration;
  }
  if (flag("retries") !== "" && Number(flag("retries")) > 0) check["Retries"] = Number(flag("retries"));
  return check;
}

/** Go's %+v of the struct. */
function shownHealthcheck(check: Record<string, unknown>): string {
  const time = (key: string): string => goDuration(Number(check[key] ?? 0));
  const test = (check["Test"] as string[]).join(" ");
  return `{Test:[${test}] Interval:${time("Interval")} Timeout:${time("Timeout")} StartPeriod:${time("StartPeriod")} StartInterval:${time("StartInterval")} Retries:${check["Retries"] ?? 0}}`;
}

function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  const seconds = nanoseconds / 1e9;
  if (seconds < 1)
    return seconds >= 1e-3 ? `${seconds * 1e3}ms` : seconds >= 1e-6 ? `${seconds * 1e6}µs` : `${nanoseconds}ns`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Number((seconds % 60).toFixed(9));
  return `${hours ? `${hours}h` : ""}${hours || minutes ? `${minutes}m` : ""}${rest}s`;
}

/** What stands behind ONBUILD, heredocs too: it is parsed again where it fires. */
function triggerText(instruction: Instruction): string {
  const text = instruction.line.replace(/^\s*onbuild\s*/i, "");
  return [text, ...instruction.heredocs.map(({ content, name }) => `${content}${name}`)].join("\n");
}
