/** What a credential looks like. Facts only: the scanner in secrets.ts runs them. */

/** A rule that is found by content: a literal anchor, and an expression that must match from the anchor on. */
export interface SecretRule {
  id: string;
  /** One line: what was found. */
  summary: string;
  /** Alternatives of literal text (regular expression source without groups) that start every match. */
  anchor: string;
  /** Sticky; every quantifier is bounded, at most `MATCH_WINDOW` characters long. */
  pattern: RegExp;
  /** The part that must look random (default: all of the match): placeholders like `ghp_xxxx…` are not secrets. */
  group?: number;
  /** Only in files whose base name matches. */
  file?: RegExp;
  /** Only in files that have this text too, anywhere: one of `SECRET_MARKS`. */
  mark?: string;
  /** Published packages hold such things as test fixtures: below node_modules it is a warning. */
  lenientInPackages?: boolean;
  /** Pages give it to every browser: a warning in a file that is served, or beside this text, one of `SECRET_MARKS`. */
  givenToBrowsers?: string;
}

/** No match is longer than this many characters. */
export const MATCH_WINDOW = 1024;

/** A PEM text that is encoded once more (a Kubernetes secret, a variable) begins with one of these. */
const ENCODED_KEYS = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "ENCRYPTED SIGSTORE "].map((kind) => {
  const text = `-----BEGIN ${kind}PRIVATE KEY-`;
  return Buffer.from(text.slice(0, text.length - (text.length % 3))).toString("base64");
});

export const SECRET_RULES: readonly SecretRule[] = [
  {
    id: "private-key",
    summary: "a private key",
    anchor: "-----BEGIN |---- BEGIN ",
    // Code that handles keys names the header too: only with key material behind it, whatever ends the lines there: line
    // breaks, a JSON string's `\n` (also in JSON in JSON), strings that are put together. A name or a call in its place has no digits, or is called.
    pattern:
      /----[- ]BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?[- ]----(?:\\{1,4}[rn]|[\s"'`+,]){1,40}(?:[A-Za-z-]{1,20}: [^\r\n\\]{0,120}(?:\\{1,4}[rn]|[\r\n])(?:\\{1,4}[rn]|[\s"'`+,]){0,9}){0,5}((?=[A-Za-z+/]{0,75}[0-9])[A-Za-z0-9+/]{32,76})(?![\w$]*[(.[])/y,
    group: 1,
    lenientInPackages: true,
  },
  {
    id: "private-key",
    summary: "a private key, encoded once more",
    anchor: ENCODED_KEYS.map((text) => text.replace(/[+/]/g, "\\$&")).join("|"),
    pattern: new RegExp(
      `(?:${ENCODED_KEYS.map((text) => text.replace(/[+/]/g, "\\$&")).join("|")})([A-Za-z0-9+/]{60,200})`,
      "y",
    ),
    group: 1,
    lenientInPackages: true,
  },
  {
    id: "private-key",
    summary: "a private key of PuTTY",
    anchor: "Private-Lines: ",
    pattern: /Private-Lines: \d{1,4}(?:\\{1,4}[rn]|[\r\n]){1,4}([A-Za-z0-9+/]{32,76})/y,
    group: 1,
    lenientInPackages: true,
  },
  {
    id: "private-key",
    summary: "a private key of age",
    anchor: "AGE-SECRET-KEY-1",
    pattern: /AGE-SECRET-KEY-1([QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})/y,
    group: 1,
    lenientInPackages: true,
  },
  {
    id: "private-key",
    summary: "a private JSON web key",
    anchor: '"d"',
    pattern: /"d"\s{0,8}:\s{0,8}"([A-Za-z0-9_-]{42,900})"/y,
    group: 1,
    mark: '"kty"',
    lenientInPackages: true,
  },
  {
    id: "npm-token",
    summary: "an npm access token",
    anchor: "npm_",
    pattern: /npm_([A-Za-z0-9]{36})(?![A-Za-z0-9])/y,
    group: 1,
  },
  {
    id: "npm-token",
    summary: "a registry credential of npm or yarn",
    anchor: "_authToken|_password|_auth|npmAuthToken|npmAuthIdent",
    pattern:
      /(?:_authToken|_password|_auth|npmAuthToken|npmAuthIdent)["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([^\s"'${}]{8,512})/y,
    group: 1,
    file: /^\.?(?:npmrc|yarnrc(?:\.yml)?)$/,
  },
  {
    id: "github-token",
    summary: "a GitHub token",
    anchor: "ghp_|gho_|ghu_|ghs_|ghr_",
    pattern: /gh[pousr]_([A-Za-z0-9]{36,255})(?![A-Za-z0-9])/y,
    group: 1,
  },
  {
    id: "github-token",
    summary: "a GitHub fine-grained token",
    anchor: "github_pat_",
    pattern: /github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9])/y,
    group: 1,
  },
  {
    id: "gitlab-token",
    summary: "a GitLab token",
    anchor: "glpat-",
    pattern: /glpat-([A-Za-z0-9_-]{20,128})(?![A-Za-z0-9])/y,
    group: 1,
  },
  {
    id: "aws-access-key",
    summary: "an AWS access key id",
    anchor: "AKIA|ASIA",
    // AWS's own documentation uses ids that end in EXAMPLE.
    pattern: /(?<![A-Za-z0-9/+])A[KS]IA(?![A-Z0-9]{9}EXAMPLE)([A-Z2-7]{16})(?![A-Za-z0-9/+=])/y,
    group: 1,
  },
  {
    id: "aws-secret-key",
    summary: "an AWS secret access key",
    anchor: "(?:aws_|AWS_)?(?:secret_access_key|SECRET_ACCESS_KEY)|[sS]ecretAccessKey",
    pattern:
      /(?:(?:aws_|AWS_)?(?:secret_access_key|SECRET_ACCESS_KEY)|[sS]ecretAccessKey)["']?\s{0,8}[=:]\s{0,8}["']?(?![A-Za-z0-9/+]{30}EXAMPLEKEY)([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
    group: 1,
  },
  {
    id: "google-api-key",
    summary: "a Google API key",
    anchor: "AIza",
    pattern: /AIza([A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/y,
    group: 1,
    lenientInPackages: true,
    // The configuration of a web app of Firebase: firebase.google.com/docs/projects/api-keys
    givenToBrowsers: "authDomain",
  },
  {
    id: "google-oauth",
    summary: "a Google OAuth client secret or access token",
    anchor: "GOCSPX-|ya29\\.",
    pattern: /(?:GOCSPX-([A-Za-z0-9_-]{28})(?![A-Za-z0-9_-])|ya29\.[A-Za-z0-9_-]{40,900})/y,
  },
  {
    id: "google-oauth",
    summary: "a Google login (refresh token)",
    anchor: '"refresh_token"',
    pattern: /"refresh_token"\s{0,8}:\s{0,8}"(1\/\/[A-Za-z0-9_-]{30,500})"/y,
    group: 1,
  },
  {
    id: "slack-token",
    summary: "a Slack token",
    anchor: "xox[abceoprs]-|xoxe\\.xox[bp]-|xapp-",
    pattern:
      /(?:xox[abceoprs]-(?:[0-9]{1,2}-)?[0-9]{8,14}-[A-Za-z0-9-]{10,200}|xoxe(?:\.xox[bp])?-[0-9]-[A-Za-z0-9]{80,250}|xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{8,16}-[a-z0-9]{32,128})/y,
  },
  {
    id: "slack-token",
    summary: "a Slack webhook address",
    anchor: "hooks\\.slack\\.com/",
    pattern:
      /hooks\.slack\.com\/(?:services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}|(?:workflows|triggers)\/[TE][A-Z0-9]{8,12}\/[A-Z0-9]{8,20}(?:\/[0-9]{8,20})?)\/([A-Za-z0-9]{20,40})/y,
    group: 1,
  },
  {
    id: "registry-credential",
    summary: "a credential for a container registry",
    anchor: '"auth"|"identitytoken"',
    pattern: /"(?:auth|identitytoken)"\s{0,8}:\s{0,8}"([A-Za-z0-9+/._-]{12,900}={0,2})"/y,
    group: 1,
    file: /^(?:config\.json|\.dockerconfigjson|\.dockercfg|auth\.json)$/,
  },
];

/** Says that a private key in the same file belongs to a Google service account. */
export const SERVICE_ACCOUNT_MARK = '"service_account"';

/** Texts that say what other finds in the same file mean. */
export const SECRET_MARKS: readonly string[] = [
  SERVICE_ACCOUNT_MARK,
  ...new Set(SECRET_RULES.flatMap(({ mark, givenToBrowsers }) => [mark ?? [], givenToBrowsers ?? []].flat())),
];

/** Files that are secrets by what they are, when they are not empty. */
export const SECRET_FILES: readonly { id: string; summary: string; path: RegExp; lenientInPackages?: boolean }[] = [
  {
    id: "env-file",
    summary: "a file of environment variables",
    path: /(?:^|\/)(?:\.env(?:\.(?!(?:[^/]+\.)?(?:example|sample|template|dist|defaults?|schema)$)[^/]+)?|\.envrc|\.dev\.vars)$/,
    lenientInPackages: true,
  },
  {
    id: "private-key",
    summary: "a store of private keys",
    path: /\.(?:p12|pfx)$/i,
    lenientInPackages: true,
  },
  {
    id: "credential-file",
    summary: "a file that holds credentials",
    path: /(?:^|\/)(?:\.netrc|_netrc|\.git-credentials|\.pgpass|\.aws\/credentials|application_default_credentials\.json)$/,
  },
];
