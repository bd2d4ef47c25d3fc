/**
 * Whether one line crosses another between two bars: at or under it before, over it now. Never true while one of the
 * four numbers is NaN, so never before both lines were defined on both bars.
 */
export const crossesAbove = (lineBefore: number, otherBefore: number, line: number, other: number): boolean =>
  lineBefore <= otherBefore && line > other;

/** At or over the other line before, under it now. */
export const crossesBelow = (lineBefore: number, otherBefore: number, line: number, other: number): boolean =>
  lineBefore >= otherBefore && line < other;
