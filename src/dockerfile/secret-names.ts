/** Names of variables that carry secrets, as two sources have them. They differ; a finding says whose list it is. */

/** hadolint's known names: exact, in any casing. */
const KNOWN = new Set(
  `ACCESS_TOKEN APPLICATION_KEY APP_SECRET AUTH_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY BITTREX_API_KEY
  BITTREX_API_SECRET CF_PASSWORD CF_USERNAME CIRCLE_TOKEN CI_DEPLOY_PASSWORD CI_DEPLOY_USER DOCKERHUB_PASSWORD DOCKER_EMAIL
  DOCKER_PASSWORD DOCKER_USERNAME FACEBOOK_ACCESS_TOKEN FACEBOOK_APP_ID FACEBOOK_APP_SECRET FIREBASE_API_TOKEN FIREBASE_TOKEN
  FOSSA_API_KEY GH_ENTERPRISE_TOKEN GH_TOKEN GITHUB_ENTERPRISE_TOKEN GITHUB_TOKEN HEROKU_API_KEY HEROKU_API_USER
  NPM_AUTH_TOKEN NPM_TOKEN OKTA_AUTHN_GROUPID OKTA_CLIENT_ORGURL OKTA_CLIENT_TOKEN OKTA_OAUTH2_CLIENTID
  OKTA_OAUTH2_CLIENTSECRET OPENAI_API_KEY OS_PASSWORD OS_USERNAME POSTGRES_PASSWORD SLACK_TOKEN STRIPE_API_KEY
  STRIPE_DEVICE_NAME TRAVIS_OS_NAME TRAVIS_SECURE_ENV_VARS TRAVIS_SUDO VAULT_CLIENT_KEY VAULT_TOKEN`.split(/\s+/),
);
const FRAGMENTS = /api_key|client_key|password|private|secret|token|username/i;

export function hadolintSecret(name: string): boolean {
  return KNOWN.has(name.toUpperCase()) || FRAGMENTS.test(name);
}

const WORDS = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const HARMLESS = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** BuildKit: whole words between underscores. */
export function buildkitSecret(name: string): boolean {
  return WORDS.test(name) && !HARMLESS.test(name);
}

/** Exactly one of hadolint's known names. */
export function isKnownSecret(name: string): boolean {
  return KNOWN.has(name.toUpperCase()) && /TOKEN|KEY|SECRET|PASSWORD/.test(name.toUpperCase());
}
