/** crun, in the foreground, on a bundle that knbuild writes: no daemon. */
import { createOciRuntimeSandbox } from "../oci-runtime.ts";

export default createOciRuntimeSandbox({
  id: "crun",
  summary: "Open Container Initiative runtime in C, as Podman uses it",
  rank: 20,
});
