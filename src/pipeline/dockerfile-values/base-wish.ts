/** What the configuration says of the base, said in a Dockerfile: the image of the last stage, and Debian packages in it. */
import { KnbuildError } from "../../base/errors.ts";

export interface BaseWish {
  /** An image by reference; undefined: the template's. */
  ref?: string;
  /** Debian packages. */
  packages: readonly string[];
}

const NOTE = "Debian keeps only the newest version of a package";

/** Images without apt, by their names: nothing of Debian's can be installed in them. */
const WITHOUT_APT =
  /(?:^|\/)(?:distroless|chainguard)\/|^cgr\.dev\/|^scratch$|alpine|wolfi|busybox|(?:^|[/:-])(?:ubi\d|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux|opensuse|archlinux)/;

/**
 * The last stage begins with the image that is wished for and the packages. Where the template's image takes none,
 * `roomy` stands for it; a site's nginx, which is Alpine's, stays as it is, and a comment names what is not in it.
 * @throws INIT_PACKAGES_NEED_APT where the image that is wished for takes none
 */
export function withBase(dockerfile: string, { ref, packages }: BaseWish, roomy = "debian:trixie-slim"): string {
  const last = [...dockerfile.matchAll(/^FROM (?:--\S+ )*(\S+)(.*)$/gm)].at(-1);
  if (last === undefined || (ref === undefined && packages.length === 0)) return dockerfile;
  const [line, image = ""] = last;
  const chosen = ref ?? (/distroless/.test(image) ? roomy : image);
  const apt = !WITHOUT_APT.test(chosen);
  if (ref !== undefined && packages.length > 0 && !apt) {
    throw new KnbuildError({
      code: "INIT_PACKAGES_NEED_APT",
      message: `base.packages are Debian's, and ${ref} has no apt to install ${packages.join(", ")} with`,
      hint: "Name an image of Debian or Ubuntu as base.ref, or one that has the packages and no base.packages.",
      exitCode: 2,
    });
  }
  const text = [
    line.replace(image, () => chosen),
    ...(packages.length > 0 && !apt ? [`# Not in this image, which has no apt: ${packages.join(", ")}.`] : []),
    ...(packages.length > 0 && apt
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
