/** How package managers and runners are told to run a script of a package.json. */

export interface ScriptCall {
  script: string;
  /** Of this member of the workspace, by its name or its path. */
  workspace?: string;
  /** Of the package in this directory. */
  directory?: string;
}

/**
 * `npm run x`, `npm start`, `yarn x`, `pnpm --filter web start`, `turbo run start --filter=web`, `yarn workspace web start`, and in
 * another directory `npm --prefix web start`, `yarn --cwd web start`, `pnpm -C web start`.
 */
export function scriptCall(name: string, args: readonly string[]): ScriptCall | undefined {
  if (!["npm", "yarn", "pnpm", "bun", "turbo"].includes(name)) return undefined;
  let workspace: string | undefined;
  let directory: string | undefined;
  const plain: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--") break;
    const match = /^(?:-w|--workspace|--filter|-F|(-C|--prefix|--cwd|--dir))(?:=(.*))?$/.exec(arg);
    const value = match && (match[2] ?? args[++i]);
    if (match?.[1]) directory = value ?? undefined;
    else if (match) workspace = value ?? undefined;
    else if (!arg.startsWith("-")) plain.push(arg);
  }
  if (name === "yarn" && plain[0] === "workspace")
    return plain[2]
      ? { script: plain[2] === "run" ? (plain[3] ?? "start") : plain[2], workspace: plain[1] as string }
      : undefined;
  const script =
    plain[0] === "run" || plain[0] === "run-script"
      ? plain[1]
      : name === "npm"
        ? plain[0] === "start" || plain[0] === "test"
          ? plain[0]
          : undefined
        : plain[0];
  if (script === undefined || ["exec", "dlx", "x", "install", "add", "node", "create"].includes(script))
    return undefined;
  if (name === "bun" && /\.[cm]?[jt]sx?$/.test(script)) return undefined;
  return {
    script,
    ...(workspace !== undefined && { workspace: workspace.replace(/\.\.\.$/, "") }),
    ...(directory !== undefined && { directory }),
  };
}
