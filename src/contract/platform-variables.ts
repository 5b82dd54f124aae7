/** Variables that the platform sets in the container, whatever the image says (S1, S15). */
export const PLATFORM_VARIABLES: ReadonlySet<string> = new Set(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"]);
