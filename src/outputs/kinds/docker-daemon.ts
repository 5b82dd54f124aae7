import { daemonOutput } from "../daemon.ts";

export default daemonOutput("docker-daemon", "docker");
