/** Which sandbox is used: the one that is named, else the first that works here. */
import { KnbuildError, usageError } from "../base/errors.ts";
import type { Sandbox } from "./types.ts";

/**
 * @throws SANDBOX_UNKNOWN (exit 2) for a name that is none; SANDBOX_UNAVAILABLE when the named one, or none at all, works
 */
export async function chooseSandbox(all: readonly Sandbox[], wanted?: string): Promise<Sandbox> {
  const ranked = [...all].sort((a, b) => a.rank - b.rank);
  if (wanted !== undefined) {
    const sandbox = ranked.find(({ id }) => id === wanted);
    if (!sandbox) {
      throw usageError(
        "SANDBOX_UNKNOWN",
        `no sandbox is called ${JSON.stringify(wanted)}`,
        `There are: ${ids(ranked)}.`,
      );
    }
    const probe = await sandbox.probe();
    if (probe.ok) return sandbox;
    throw new KnbuildError({ code: "SANDBOX_UNAVAILABLE", message: probe.reason, hint: probe.hint });
  }
  const reasons: string[] = [];
  for (const sandbox of ranked) {
    const probe = await sandbox.probe();
    if (probe.ok) return sandbox;
    reasons.push(`${sandbox.id}: ${probe.reason}`);
  }
  throw new KnbuildError({
    code: "SANDBOX_UNAVAILABLE",
    message: "nothing on this machine can start an image",
    detail: reasons.join("\n"),
    hint: "Install one of them. Debian, Ubuntu: apt install bubblewrap. macOS, Windows: Docker or Podman.",
  });
}

function ids(sandboxes: readonly Sandbox[]): string {
  return sandboxes.map(({ id }) => id).join(", ");
}
