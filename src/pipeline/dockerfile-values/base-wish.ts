/** What the configuration says of the base, said in a Dockerfile: the image of the last stage, and Debian packages in it. */

export interface BaseWish {
  /** An image by reference; undefined: the template's. */
  ref?: string;
  /** Debian packages. */
  packages: readonly string[];
}

const NOTE = "Debian keeps only the newest version of a package";

/** An image without a shell or apt: nothing can be installed in it. */
export function isBare(image: string): boolean {
  return /(?:^|\/)(?:distroless|chainguard)\/|^scratch$|alpine/.test(image);
}

/**
 * The last stage begins with the image that is wished for and the packages. Where the template's image takes none,
 * `roomy` stands for it; a site's nginx, which is Alpine's, stays as it is.
 */
export function withBase(dockerfile: string, { ref, packages }: BaseWish, roomy = "debian:trixie-slim"): string {
  const last = [...dockerfile.matchAll(/^FROM (?:--\S+ )*(\S+)(.*)$/gm)].at(-1);
  if (last === undefined || (ref === undefined && packages.length === 0)) return dockerfile;
  const [line, image = ""] = last;
  const bare = isBare(image);
  if (ref === undefined && bare && !/distroless/.test(image)) return dockerfile;
  const chosen = ref ?? (bare ? roomy : image);
  const installs = packages.length > 0 && !isBare(chosen);
  const text = [
    line.replace(image, () => chosen),
    ...(installs
      ? [
          "# What the configuration adds.",
          `# knbuild ignore=DL3008 reason=${NOTE}`,
          "RUN apt-get update \\",
          `    && apt-get install -y --no-install-recommends ca-certificates ${packages.join(" ")} \\`,
          "    && rm -rf /var/lib/apt/lists/*",
        ]
      : []),
  ].join("\n");
  return dockerfile.slice(0, last.index) + text + dockerfile.slice(last.index + line.length);
}
