/** Servers of npm that take localhost unless an option says otherwise: nobody outside the container would reach them. */
const HOST_OPTIONS: Record<string, { given: RegExp; option: string }> = {
  "json-server": { given: /^(?:-[hH]|--host)(?:=|$)/, option: "--host" },
  prism: { given: /^(?:-h|--host)(?:=|$)/, option: "--host" },
  "reveal-md": { given: /^--host(?:=|$)/, option: "--host" },
  s3rver: { given: /^(?:-a|--address)(?:=|$)/, option: "--address" },
  superstatic: { given: /^--host(?:name)?(?:=|$)/, option: "--host" },
};

/**
 * Folders without which a program of npm ends at once, where NODE_ENV is production: they are listed at the start, and not
 * when one is asked for.
 */
const LISTED_FOLDERS: Record<string, string> = { "json-server": "public" };

/** Variables for a program, beside the host. */
export function toolEnvironment(program: string, hasFolder: (path: string) => boolean): Record<string, string> {
  const listed = LISTED_FOLDERS[program];
  return listed === undefined || hasFolder(listed) ? {} : { NODE_ENV: "development" };
}

/** These go on in the background, and the container ends with what was started, unless an option is left out. */
const BACKGROUND: Record<string, RegExp> = { eggctl: /^(?:--daemon|-d)$/, "egg-scripts": /^(?:--daemon|-d)$/ };

/** The arguments of a program that is to stay in the foreground. */
export function foregroundArguments(program: string, args: readonly string[]): string[] {
  return args.filter((arg) => BACKGROUND[program]?.test(arg) !== true);
}

/** Arguments to add to a program that is started without naming a host. */
export function hostArguments(program: string, args: readonly string[]): string[] {
  const known = HOST_OPTIONS[program];
  return known === undefined || args.some((arg) => known.given.test(arg)) ? [] : [known.option, "0.0.0.0"];
}
