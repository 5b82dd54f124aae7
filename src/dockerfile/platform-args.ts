/** Arguments that the builder sets itself; before the first FROM they are known without an ARG. */

export function platformArgs(platform: string, target: string): Record<string, string> {
  const [os = "linux", architecture = "amd64", variant = ""] = platform.split("/");
  return {
    BUILDPLATFORM: "linux/amd64",
    BUILDOS: "linux",
    BUILDOSVERSION: "",
    BUILDARCH: "amd64",
    BUILDVARIANT: "",
    TARGETPLATFORM: platform,
    TARGETOS: os,
    TARGETOSVERSION: "",
    TARGETARCH: architecture,
    TARGETVARIANT: variant,
    TARGETSTAGE: target || "default",
  };
}
