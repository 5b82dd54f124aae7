/** The mirrors that this machine's container tools are set up with. */
import { containerdRules } from "./containerd.ts";
import { containersRules } from "./containers.ts";
import { dockerDaemonRules } from "./docker-daemon.ts";
import type { MirrorRule } from "./rules.ts";

export interface MachinePaths {
  /** Usually /etc. */
  etc: string;
  env: NodeJS.ProcessEnv;
}

/** Docker's daemon.json, containerd's certs.d, containers' registries.conf, in this order. What is broken is passed over. */
export function machineRules(paths: MachinePaths): MirrorRule[] {
  return [...dockerDaemonRules(paths), ...containerdRules(paths), ...containersRules(paths)];
}
