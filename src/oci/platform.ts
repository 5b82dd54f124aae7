/** Platforms: image-spec 1.1 "image-index.md#image-index-property-descriptions". */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
  "os.version"?: string;
  "os.features"?: string[];
}

/** What the contract asks for (S8, S10). */
export const LINUX_AMD64: Platform = { os: "linux", architecture: "amd64" };

export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");
}

export function samePlatform(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture && (a.variant ?? "") === (b.variant ?? "");
}
