/** Where the seeds (Google's documentation) and upstream Knative disagree, and what Cloud Run does. */

export type ProfileId = "gke" | "knative" | "cloudrun";

export interface Profile {
  id: ProfileId;
  title: string;
  /** Whether files written are charged to the memory limit (S16). */
  filesystem: "memory" | "disk";
  /** From SIGTERM to SIGKILL, in seconds (S23). */
  graceSeconds: number;
  /** A container that does not listen within this is not deployed, in seconds (S20). */
  startupLimitSeconds: number;
  /** Whether the CPU is throttled outside requests (S3, S21). */
  idleCpuThrottled: boolean;
  /** Whether the metadata server knows `instance/region` (S32). */
  metadataRegion: boolean;
  /** Whether HEALTHCHECK of the image is looked at: never, on any of them (U5). */
  healthcheckUsed: false;
}

export const PROFILES: Readonly<Record<ProfileId, Profile>> = {
  gke: {
    id: "gke",
    title: "Knative serving as Google documents it",
    filesystem: "memory",
    graceSeconds: 10,
    startupLimitSeconds: 240,
    idleCpuThrottled: true,
    metadataRegion: true,
    healthcheckUsed: false,
  },
  knative: {
    id: "knative",
    title: "upstream Knative serving",
    filesystem: "disk",
    graceSeconds: 300,
    startupLimitSeconds: 600,
    idleCpuThrottled: false,
    metadataRegion: false,
    healthcheckUsed: false,
  },
  cloudrun: {
    id: "cloudrun",
    title: "Cloud Run",
    filesystem: "memory",
    graceSeconds: 10,
    startupLimitSeconds: 240,
    idleCpuThrottled: true,
    metadataRegion: true,
    healthcheckUsed: false,
  },
};

export const DEFAULT_PROFILE: ProfileId = "gke";

export function isProfileId(text: string): text is ProfileId {
  return Object.hasOwn(PROFILES, text);
}
