/** Where an argument of a Python call stands: by position and keyword, by keyword only, in a tuple. */
import type { Slot } from "../catalogue.ts";

export const at = (index: number, ...names: string[]): Slot => ({ index, names });
export const key = (...names: string[]): Slot => ({ names });
export const pair = (index: number, item: number, ...names: string[]): Slot => ({ index, item, names });
