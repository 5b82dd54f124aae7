/** The docker-credential-* protocol: a program, a verb, JSON on stdin and stdout. Secrets never go through arguments. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import type { Credential } from "./credentials.ts";

const TIMEOUT_MS = 30_000;
/** Some ask their cloud for it. */
const LIST_TIMEOUT_MS = 5_000;
const ANSWER_LIMIT = 1024 * 1024;

/** @returns undefined when the helper does not know the server. @throws CREDENTIAL_HELPER_MISSING, CREDENTIAL_HELPER_FAILED */
export async function getFromHelper(
  helper: string,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  const { code, stdout, stderr } = await runHelper(helper, "get", server, env);
  if (code !== 0) {
    // The protocol has no code for this: every helper of Docker says it in these words.
    if (/credentials not found|could not be found|no credentials/i.test(stdout + stderr)) return undefined;
    throw helperFailed(helper, "get", server, stderr || stdout);
  }
  let answer: { Username?: unknown; Secret?: unknown } | null;
  try {
    answer = JSON.parse(stdout);
  } catch {
    throw helperFailed(helper, "get", server, "its answer is not JSON");
  }
  if (typeof answer?.Username !== "string" || typeof answer.Secret !== "string" || answer.Secret === "")
    return undefined;
  if (answer.Username === "<token>") return { kind: "identity-token", token: answer.Secret };
  return { kind: "password", username: answer.Username, password: answer.Secret };
}

/** The servers that a helper has logins for; none where it does not say. */
export async function listOfHelper(helper: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { code, stdout } = await runHelper(helper, "list", "", env);
  if (code !== 0) return [];
  try {
    return Object.keys(JSON.parse(stdout) as object);
  } catch {
    return [];
  }
}

export async function storeInHelper(
  helper: string,
  server: string,
  credential: { username: string; secret: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const input = JSON.stringify({ ServerURL: server, Username: credential.username, Secret: credential.secret });
  const { code, stdout, stderr } = await runHelper(helper, "store", server, env, input);
  if (code !== 0) throw helperFailed(helper, "store", server, (stderr || stdout).replaceAll(credential.secret, "***"));
}

/** @returns false when the helper says that it knew nothing; some say nothing then. @throws as `getFromHelper` */
export async function eraseFromHelper(helper: string, server: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { code, stdout, stderr } = await runHelper(helper, "erase", server, env);
  if (code === 0) return true;
  if (!/not found/i.test(stdout + stderr)) throw helperFailed(helper, "erase", server, stderr || stdout);
  return false;
}

function runHelper(
  helper: string,
  verb: "get" | "list" | "store" | "erase",
  server: string,
  env: NodeJS.ProcessEnv,
  input = server,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(helper)) {
    throw new KnbuildError({
      code: "CREDENTIAL_HELPER_FAILED",
      message: `not a credential helper's name: ${JSON.stringify(helper)}`,
      where: server,
      hint: "Write the part after docker-credential- into the configuration.",
    });
  }
  const program = `docker-credential-${helper}`;
  const timeout = verb === "list" ? LIST_TIMEOUT_MS : TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [verb], { env, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    // Whatever it has started keeps the pipes open, and spawn's own timeout waits for these.
    const timer = setTimeout(() => {
      if (child.pid) killWithChildren(child.pid);
      for (const stream of child.stdio) stream?.destroy();
      resolve({ code: null, stdout: "", stderr: `it did not answer within ${timeout / 1000} s` });
    }, timeout);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < ANSWER_LIMIT) stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < ANSWER_LIMIT) stderr += text;
    });
    child.on("error", (cause) => {
      clearTimeout(timer);
      reject(
        new KnbuildError({
          code: errnoCode(cause) === "ENOENT" ? "CREDENTIAL_HELPER_MISSING" : "CREDENTIAL_HELPER_FAILED",
          message: `cannot start ${program} (${errnoCode(cause)})`,
          where: server,
          hint: "The Docker configuration names this credential helper: install it, or remove it from the configuration.",
          cause,
        }),
      );
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
    // A helper that ends before it has read everything is judged by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/**
 * Helpers are often scripts around another program, which would wait on. A process group of their own would end both at once,
 * but would take the terminal from those that ask there.
 */
function killWithChildren(pid: number): void {
  let children: number[] = [];
  try {
    children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      // proc_pid_children(5): their ids, with spaces between.
      readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    // It has ended, or another system: what it has started is not known.
  }
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
  for (const child of children) killWithChildren(child);
}

function helperFailed(helper: string, verb: string, server: string, said: string): KnbuildError {
  // Helpers of Docker say what is wrong on stdout, where the login would come, too.
  const reason = /"Secret"/i.test(said) ? "it ended with an error" : said.trim().split("\n").at(-1)?.slice(0, 300);
  return new KnbuildError({
    code: "CREDENTIAL_HELPER_FAILED",
    message: `docker-credential-${helper} ${verb} failed: ${reason || "it says nothing"}`,
    where: server,
    hint: "Run the helper's own login command.",
  });
}
