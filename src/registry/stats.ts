/** Counters that all repositories of one client share. */
import type { TransferStats } from "../oci/target.ts";

export function createStats(): TransferStats {
  return { requests: 0, retries: 0, bytesDownloaded: 0, bytesUploaded: 0 };
}
