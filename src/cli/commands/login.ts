import { interrupted, usageError } from "../../base/errors.ts";
import { login } from "../../registry/login.ts";
import { type CliContext, defineCommand } from "../command.ts";
import { addRegistryOptions, registryClientOptions } from "../registry-options.ts";

export default defineCommand({
  usage: "login <registry>",
  summary: "Keep a login for a registry, where Docker keeps its own",
  examples: [
    "knbuild login localhost:5000 --username alice --password-stdin < password.txt",
    "gcloud auth print-access-token | knbuild login us-docker.pkg.dev -u oauth2accesstoken --password-stdin",
  ],
  configure(command) {
    command.option("-u, --username <name>", "user name").option("--password-stdin", "read the password from stdin");
    addRegistryOptions(command);
  },
  async run([registry], options, context) {
    const prompted = !options["passwordStdin"];
    if (prompted && !process.stdin.isTTY) {
      throw usageError("USAGE", "there is no terminal to ask for the password", "Use --password-stdin.");
    }
    if (!prompted && !options["username"]) {
      throw usageError("USAGE", "the password on stdin leaves nobody to ask for the user name", "Use --username.");
    }
    const username = (options["username"] as string | undefined) ?? (await ask("User name", false));
    if (!username) throw usageError("USAGE", "a user name is needed");
    const password = prompted ? await ask("Password", true) : await readPassword();
    if (!password) throw usageError("USAGE", "a password is needed");
    const result = await login(registry as string, { username, password }, clientOptions(options, context));
    if (context.json) context.printJson(result);
    else context.print(`logged in to ${result.registry}; kept in ${result.storedIn}`);
    return 0;
  },
});

function clientOptions(options: Record<string, unknown>, context: CliContext) {
  return { ...registryClientOptions(options, context), env: context.env, emit: context.emit, signal: context.signal };
}

async function ask(message: string, secret: boolean): Promise<string> {
  const prompts = await import("@clack/prompts");
  // Standard output is for the result. A terminal that does not know its width would get a letter a line.
  const output = process.stderr;
  if (output.columns === 0) output.columns = 80;
  const answer = await (secret ? prompts.password({ message, output }) : prompts.text({ message, output }));
  if (prompts.isCancel(answer)) throw interrupted("SIGINT");
  return answer ?? "";
}

/** One line end is the terminal's or the file's, not the password's. */
async function readPassword(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) text += chunk;
  return text.replace(/\r?\n$/, "");
}
