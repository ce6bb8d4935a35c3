// What a user has set up, as plain data: the puzzle, how far it is thought through, and what is done to the thought. It is what undo
// goes back to and what a link holds, such as `#puzzle=3&steps=32&at=8&restart=1:5&kick=8:u:1:2&given=3:2&hold=5:4:8`.
import type { SetupLink } from "../kit";

/** A push of the joint state after an ACT step. */
export interface KickSetup {
  /** After which step, from 1. */
  step: number;
  /** Along the direction that has grown most, or along a random one. */
  along: "unstable" | "random";
  /** 2-norm. */
  size: number;
  /** Seed of the random direction. */
  seed: number;
}

/** A token for a cell. */
export interface CellSetup {
  cell: number;
  token: number;
}

export interface Setup {
  puzzle: number;
  /** How many ACT steps are thought. */
  steps: number;
  /** Which of them is shown, from 0, the state before the first. */
  at: number;
  /** Normal numbers of this size on the states that the thought begins with. */
  restart?: { size: number; seed: number };
  kicks: readonly KickSetup[];
  /** Givens that are other than the puzzle's; the token of a blank takes one away. */
  givens: readonly CellSetup[];
  /** Cells whose logit is held after each step from one on. */
  holds: readonly (CellSetup & { from: number })[];
  /** How large the next kick or restart is. */
  size: number;
}

/** What a set-up may be: how many puzzles, cells and tokens there are. */
export interface Bounds {
  puzzles: number;
  cells: number;
  vocabulary: number;
  steps: number;
}

export const MOST_STEPS = 256;

export const firstSetup = ({ steps }: Pick<Bounds, "steps">): Setup => ({
  puzzle: 0,
  steps,
  at: steps,
  kicks: [],
  givens: [],
  holds: [],
  size: 1,
});

/** The same puzzle, with nothing done to it. */
export const undisturbed = ({ puzzle, steps, at, size }: Setup): Setup => ({
  puzzle,
  steps,
  at,
  size,
  kicks: [],
  givens: [],
  holds: [],
});

/** Whether anything is done to the thought. */
export const isDisturbed = ({ restart, kicks, givens, holds }: Setup): boolean =>
  restart !== undefined || kicks.length + givens.length + holds.length > 0;

/** The link of a set-up; what lies out of bounds in one is left out. */
export function setupLink(bounds: Bounds): SetupLink<Setup> {
  const first = firstSetup(bounds);
  const whole = (text: string | undefined, least: number, most: number): number | undefined => {
    const value = Number(text);
    return text && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  };
  const sized = (text: string | undefined) => {
    const value = Number(text);
    return text && value > 0 && value <= 100 ? value : undefined;
  };
  const seeded = (text: string | undefined) => whole(text, 0, 1e9);
  const cellOf = (text: string | undefined) => whole(text, 0, bounds.cells - 1);
  return {
    read(hash) {
      const given = new URLSearchParams(hash.replace(/^#/, ""));
      const lists = (name: string) => given.getAll(name).map((text) => text.split(":"));
      const steps = whole(given.get("steps") ?? undefined, 1, MOST_STEPS) ?? first.steps;
      const [restartSize, restartSeed] = lists("restart")[0] ?? [];
      const [size, seed] = [sized(restartSize), seeded(restartSeed)];
      return {
        puzzle: whole(given.get("puzzle") ?? undefined, 0, bounds.puzzles - 1) ?? first.puzzle,
        steps,
        at: whole(given.get("at") ?? undefined, 0, steps) ?? steps,
        ...(size === undefined || seed === undefined ? {} : { restart: { size, seed } }),
        kicks: lists("kick").flatMap(([stepText, along, sizeText, seedText]) => {
          const [step, long, own] = [whole(stepText, 1, MOST_STEPS), sized(sizeText), seeded(seedText)];
          if (step === undefined || long === undefined || own === undefined) return [];
          return [{ step, along: along === "r" ? "random" : "unstable", size: long, seed: own } as const];
        }),
        givens: lists("given").flatMap(([cellText, tokenText]) => {
          const [cell, token] = [cellOf(cellText), whole(tokenText, 1, bounds.vocabulary - 1)];
          return cell === undefined || token === undefined ? [] : [{ cell, token }];
        }),
        holds: lists("hold").flatMap(([cellText, tokenText, fromText]) => {
          const [cell, token, from] = [
            cellOf(cellText),
            whole(tokenText, 2, bounds.vocabulary - 1),
            whole(fromText, 1, MOST_STEPS),
          ];
          return cell === undefined || token === undefined || from === undefined
            ? []
            : [{ cell, token, from }];
        }),
        size: sized(given.get("size") ?? undefined) ?? first.size,
      };
    },
    write({ puzzle, steps, at, restart, kicks, givens, holds, size }) {
      const parts = [
        puzzle === first.puzzle ? "" : `puzzle=${puzzle}`,
        steps === first.steps ? "" : `steps=${steps}`,
        at === steps ? "" : `at=${at}`,
        restart ? `restart=${restart.size}:${restart.seed}` : "",
        ...kicks.map(
          (kick) => `kick=${kick.step}:${kick.along === "random" ? "r" : "u"}:${kick.size}:${kick.seed}`,
        ),
        ...givens.map(({ cell, token }) => `given=${cell}:${token}`),
        ...holds.map(({ cell, token, from }) => `hold=${cell}:${token}:${from}`),
        size === first.size ? "" : `size=${size}`,
      ];
      return parts.filter((part) => part !== "").join("&");
    },
  };
}
