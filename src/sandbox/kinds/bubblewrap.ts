/** bubblewrap: namespaces made by an ordinary user, no daemon, no subordinate ids. */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { KnbuildError, throwIfAborted } from "../../base/errors.ts";
import type { Image } from "../../oci/image.ts";
import { EXIT_ZERO_PATH, exitZeroRoot } from "../exit-zero.ts";
import { type ImageProcess, imageProcess } from "../image-process.ts";
import { createLogLines } from "../log-lines.ts";
import { hasTmp, signalProcess } from "../oci-runtime.ts";
import { findProgram, lastLine, runProgram } from "../program.ts";
import { unpackImage } from "../rootfs.ts";
import { createRunDirectory, hostResolvConf, writeHosts } from "../run-directory.ts";
import { childExit, runningContainer } from "../running.ts";
import { resolveInRoot } from "../scoped-path.ts";
import type { RunningContainer, Sandbox, SandboxProbe, StartOptions } from "../types.ts";
import { writableRoot } from "../writable-root.ts";

const sandbox: Sandbox = {
  id: "bubblewrap",
  summary: "Namespaces for ordinary users, as Flatpak uses them",
  rank: 30,
  probe,
  start,
};
export default sandbox;

const NOT_INSTALLED = { reason: "bubblewrap is not installed", hint: "Debian, Ubuntu: apt install bubblewrap." };

async function probe(): Promise<SandboxProbe> {
  if (process.platform !== "linux") {
    return { ok: false, reason: "bubblewrap works on Linux only", hint: "Install Docker or Podman." };
  }
  const program = findProgram("bwrap");
  if (!program) return { ok: false, ...NOT_INSTALLED };
  const root = await exitZeroRoot();
  try {
    const user = { uid: 65532, gid: 65532, additionalGids: [], home: "/" };
    const args = bubblewrapArgs({ argv: [EXIT_ZERO_PATH], env: {}, cwd: "/", user }, { root, hostname: "knbuild" });
    const result = await runProgram(program, [...args, "--", EXIT_ZERO_PATH], { timeoutMs: 15_000 });
    if (result.code !== 0) {
      return {
        ok: false,
        reason: `bubblewrap cannot start a process here: ${lastLine(result.stderr)}`,
        hint: "Where unprivileged user namespaces are switched off, use runc as root, podman or docker.",
      };
    }
    const version = await runProgram(program, ["--version"], { timeoutMs: 5_000 });
    return { ok: true, version: /\d+(\.\d+)+/.exec(version.stdout)?.[0] ?? "unknown" };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function start(image: Image, options: StartOptions): Promise<RunningContainer> {
  const program = findProgram("bwrap");
  if (!program) {
    throw new KnbuildError({ code: "SANDBOX_UNAVAILABLE", message: NOT_INSTALLED.reason, hint: NOT_INSTALLED.hint });
  }
  // One id is all that a namespace of bubblewrap's has: with it the image's user owns every file.
  const lower = await unpackImage(image, { ...options, owners: false });
  const imageConfig = (await image.config()).config ?? {};
  const run = await createRunDirectory(options.cacheDir, async () => {});
  try {
    if (options.memoryBytes !== undefined) {
      options.emit({ type: "warning", code: "MEMORY_NOT_LIMITED", message: "bubblewrap cannot limit memory" });
    }
    const process = imageProcess(imageConfig, lower, options);
    const root = await writableRoot(lower, run.path);
    const args = bubblewrapArgs(process, {
      root: root.path,
      hostname: options.hostname,
      readOnlyRoot: options.readOnlyRoot,
      ownTmp: !hasTmp(lower),
      etc: {
        "resolv.conf": placeable(lower, "resolv.conf", hostResolvConf()),
        hosts: placeable(lower, "hosts", await writeHosts(run, options.hostname)),
      },
    });
    throwIfAborted(options.signal);
    const [command, ...rest] = root.wrap([program, "--info-fd", "3", "--args", "4", "--", ...process.argv]);
    const child = spawn(command as string, rest, { stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"], detached: true });
    // Through a pipe: an environment on the command line would be in everybody's process list.
    const argsPipe = child.stdio[4] as Writable;
    argsPipe.on("error", () => {});
    argsPipe.end(args.map((arg) => `${arg}\0`).join(""));
    const logs = createLogLines();
    const exit = childExit(child, logs);
    const pid = await childPid(child.stdio[3] as Readable);
    if (pid === undefined) {
      await exit;
      const output = logs.recent(8).map((line) => line.line);
      throw new KnbuildError({
        code: "CONTAINER_START_FAILED",
        message: `bubblewrap could not start the image: ${output.at(-1) ?? "it ended without a word"}`,
        detail: output.join("\n") || undefined,
      });
    }
    return runningContainer({
      pid,
      address: { host: "127.0.0.1", port: options.port },
      logs,
      exit,
      signal: async (name) => signalProcess(pid, name),
      cleanup: () => run.remove(),
    });
  } catch (error) {
    await run.remove();
    throw error;
  }
}

interface Surroundings {
  root: string;
  hostname: string;
  readOnlyRoot?: boolean | undefined;
  ownTmp?: boolean;
  /** Files of this machine's, by their names in /etc. */
  etc?: Record<string, string | undefined>;
}

/** With a user namespace of its own always: root's own ids would otherwise be root's in the container too. */
function bubblewrapArgs(process: ImageProcess, around: Surroundings): string[] {
  const { uid, gid } = process.user;
  return [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
    ...["--uid", String(uid), "--gid", String(gid), "--hostname", around.hostname],
    ...["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"],
    ...["--bind", around.root, "/"],
    ...["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"],
    ...Object.entries(around.etc ?? {}).flatMap(([name, file]) => (file ? ["--ro-bind", file, `/etc/${name}`] : [])),
    ...(around.readOnlyRoot || around.ownTmp ? ["--perms", "1777", "--tmpfs", "/tmp"] : []),
    "--clearenv",
    ...Object.entries(process.env).flatMap(([name, value]) => ["--setenv", name, value]),
    // Last: until here mount points are made in it.
    ...(around.readOnlyRoot ? ["--remount-ro", "/"] : []),
    ...["--chdir", process.cwd],
  ];
}

/** bwrap cannot lay a file over a link that leads nowhere. */
function placeable(lower: string, name: string, file: string | undefined): string | undefined {
  return resolveInRoot(lower, ["etc", name]) === join(lower, "etc", name) ? file : undefined;
}

/** `child-pid` of the JSON that bwrap writes to the descriptor once the process exists; undefined when it closes without. */
async function childPid(info: Readable): Promise<number | undefined> {
  let text = "";
  // The process itself may hold the descriptor open, so its end cannot be waited for; but closing it before bwrap has
  // written all of the document would kill bwrap.
  for await (const chunk of info.setEncoding("utf8")) {
    text += chunk;
    if (text.trimEnd().endsWith("}")) return (JSON.parse(text) as { "child-pid"?: number })["child-pid"];
  }
  return undefined;
}
