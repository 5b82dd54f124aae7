/** Dockerfiles generated for programs that are run as they are written, or by what they are served with. */
import { requireComponent } from "../support/machine.ts";
import { INTERPRETED } from "./generated-apps.ts";
import { testGenerated } from "./generated-suite.ts";

const components = ["docker", "docker-registry", "mmdebstrap", "runc"];
testGenerated(process.getuid?.() === 0 && components.every(requireComponent), INTERPRETED);
