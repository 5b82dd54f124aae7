/** A system program of the tests, and where it comes from. */
export interface Component {
  name: string;
  programs: string[];
  packages: string[];
}
export const COMPONENTS: readonly Component[];
export function missingComponents(): Component[];
export function setUpSystem(): Component[];
