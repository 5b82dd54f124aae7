// What a command costs: seconds, and the memory of its whole process tree.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of processes and all below them, sampled; bytes. */
function watchMemory(pids) {
  let peak = 0;
  const timer = setInterval(() => {
    const seen = [...pids];
    let sum = 0;
    for (let i = 0; i < seen.length; i++) {
      try {
        for (const task of readdirSync(`/proc/${seen[i]}/task`)) {
          seen.push(
            ...readFileSync(`/proc/${seen[i]}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
          );
        }
        sum += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${seen[i]}/status`, "utf8"))?.[1] ?? 0) * 1024;
      } catch {
        // It has ended.
      }
    }
    peak = Math.max(peak, sum);
  }, 15);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** One command to its end: seconds and peak memory (of daemons that work for it, too). @throws what it said, when it fails */
export async function measure(argv, { cwd, env = {}, daemonPids = [] } = {}) {
  const begin = performance.now();
  const child = spawn(argv[0], argv.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const peak = watchMemory([child.pid, ...daemonPids]);
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  const seconds = (performance.now() - begin) / 1000;
  const memory = peak();
  if (code !== 0) throw new Error(`${argv.slice(0, 4).join(" ")} …: ${output.split("\n").slice(-12).join("\n")}`);
  return { seconds, memory, output };
}

/** One after the other, as one. */
export function together(...measured) {
  return {
    seconds: measured.reduce((sum, { seconds }) => sum + seconds, 0),
    memory: Math.max(...measured.map(({ memory }) => memory)),
  };
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
