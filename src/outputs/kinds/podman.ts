import { daemonOutput } from "../daemon.ts";

export default daemonOutput("podman", "podman");
