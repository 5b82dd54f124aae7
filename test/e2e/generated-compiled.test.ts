/** Dockerfiles generated for programs that are compiled first. */
import { requireComponent } from "../support/machine.ts";
import { COMPILED } from "./generated-apps.ts";
import { testGenerated } from "./generated-suite.ts";

const components = ["docker", "docker-registry", "mmdebstrap", "runc"];
testGenerated(process.getuid?.() === 0 && components.every(requireComponent), COMPILED);
