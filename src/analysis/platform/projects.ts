/** Names of Google Cloud projects and places, told from what only looks like one. */

/** 6 to 30 letters, digits and hyphens (https://cloud.google.com/resource-manager/docs/creating-managing-projects). */
export function isProject(text: string): boolean {
  return (
    /^([a-z][-a-z0-9]{4,28}[a-z0-9]|[\w.]+:[a-z][-a-z0-9]{4,28}[a-z0-9]|[A-Z][A-Z0-9_-]*(PROJECT|Project)[A-Z0-9_-]*)$/.test(
      text,
    ) && !EMULATED.test(text)
  );
}

/** Emulators want a project, any project. */
const EMULATED = /^(test|demo-.*|local|localhost|emulator|fake-.*|dummy.*|none|unused)$/;

const CONTINENT = "(?:us|europe|asia|australia|northamerica|southamerica|me|africa)";
const REGION = new RegExp(
  `^${CONTINENT}-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)\\d{1,2}(?:-[a-f])?$`,
);

export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** `projects/NAME/…` in a resource's name. */
export function resourceProject(text: string): string | undefined {
  const m =
    /(?:^|\/)projects\/([^/{}$%<>\s]+)\/(topics|subscriptions|locations|secrets|instances|databases|datasets|queues|serviceAccounts|buckets|zones|regions|global|keyRings|services)\b/.exec(
      text,
    );
  return m?.[1] && isProject(m[1]) ? m[1] : undefined;
}
