/** runc, in the foreground, on a bundle that knbuild writes: no daemon. */
import { createOciRuntimeSandbox } from "../oci-runtime.ts";

export default createOciRuntimeSandbox({
  id: "runc",
  summary: "Open Container Initiative runtime, as Docker and Kubernetes use it",
  rank: 10,
});
