/** Which of Amazon's services has the login for a registry's host; AWS General Reference, "Amazon ECR endpoints and quotas". */

export interface EcrService {
  /** As signatures name it. */
  name: "ecr" | "ecr-public";
  region: string;
  /** `amazonaws.com`: where the region's other services are, too. */
  domain: string;
  url: string;
  /** The target's prefix in the API's JSON protocol. */
  api: string;
}

/** Private registries by account and region, in both spellings of the host (the second answers IPv6, too). */
const PRIVATE =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(?:(amazonaws\.(?:com(?:\.cn)?|eu))|on\.(aws|amazonwebservices\.com\.cn))$/;
const PUBLIC = new Set(["public.ecr.aws", "ecr-public.aws.com"]);

export function ecrService(registry: string): EcrService | undefined {
  if (PUBLIC.has(registry)) {
    // Its API is in one region only.
    const [region, domain] = ["us-east-1", "amazonaws.com"];
    const url = `https://api.ecr-public.${region}.${domain}`;
    return { name: "ecr-public", region, domain, url, api: "SpencerFrontendService" };
  }
  const [, fips, region, named, short] = PRIVATE.exec(registry) ?? [];
  if (region === undefined) return undefined;
  const domain = named ?? (short === "aws" ? "amazonaws.com" : "amazonaws.com.cn");
  const url = `https://${fips ? "ecr-fips" : "api.ecr"}.${region}.${domain}`;
  return { name: "ecr", region, domain, url, api: "AmazonEC2ContainerRegistry_V20150921" };
}
