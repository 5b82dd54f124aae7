/** The Dockerfile, judged before it is built: errors stop the build, warnings are told. */
import { KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import type { ProfileId } from "../contract/profiles.ts";
import { lint } from "./lint.ts";

export interface DockerfileGateOptions {
  dir: string;
  file: string;
  profile: ProfileId;
  configFile?: string | undefined;
  buildArgs: Readonly<Record<string, string>>;
  target?: string | undefined;
  emit: Emit;
  signal: AbortSignal;
}

/** @throws CONTRACT_BROKEN with every error and its line */
export async function dockerfileGate(options: DockerfileGateOptions): Promise<void> {
  const { dir, file, profile, configFile, buildArgs, target, emit, signal } = options;
  const { findings } = await lint({
    paths: [file],
    cwd: dir,
    context: dir,
    source: false,
    profile,
    buildArgs,
    ...(configFile !== undefined && { configFile }),
    ...(target !== undefined && { target }),
    signal,
  });
  const place = ({ location }: (typeof findings)[number]): string =>
    `${location.file}:${location.region?.startLine ?? 1}`;
  for (const finding of findings) {
    if (finding.severity !== "warning") continue;
    emit({ type: "warning", code: finding.rule, message: finding.message, where: place(finding) });
  }
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (!first) return;
  throw new KnbuildError({
    code: "CONTRACT_BROKEN",
    message: errors.length === 1 ? `${first.rule}: ${first.message}` : `the Dockerfile has ${errors.length} errors`,
    where: place(first),
    detail:
      errors.length === 1
        ? first.evidence?.join("\n")
        : errors.map((finding) => `${finding.rule} ${place(finding)}: ${finding.message}`).join("\n"),
  });
}
