import { cpuOf, type Figures, figuresOf, median, type Ratio, ratioOf, speedOf } from './figures.ts';
import type { Measured, Round, Sample } from './measure.ts';
import { STATEMENTS, STEPS, type Step } from './steps.ts';

/** One question, step by step. */
export interface StepByStep {
  readonly question: string;
  readonly rows: readonly StepRow[];
  readonly spent: readonly Spent[];
}

export interface StepRow {
  readonly step: Step;
  readonly statements: number;
  readonly figures: Figures;
  /** Gatehouse against this step. */
  readonly against: Ratio;
}

/** What a step takes for each answer more than the one before it: the median of the rounds. */
export interface Spent {
  readonly step: Step;
  /** Microseconds from one answer to the next, under load: the database server's work is in it, and every wait. */
  readonly time: Share;
  /** Microseconds of processor time of the server's process. */
  readonly cpu: Share;
}

export interface Share {
  readonly microseconds: number;
  /** Of what Gatehouse takes, 0 to 1. */
  readonly share: number;
}

/** The figures of the one question that was asked step by step. */
export function summarizeSteps({ rounds }: Measured<Step>, counted: ReadonlyMap<string, number>): StepByStep {
  const [[question, taken]] = [...rounds] as [[string, readonly Round<Step>[]]]; // startSteps asks one
  return {
    question,
    rows: STEPS.map((step) => ({
      step,
      statements: step === 'gatehouse' ? (counted.get(question) ?? Number.NaN) : STATEMENTS[step],
      figures: figuresOf(taken.map((round) => round[step])),
      against: ratioOf(taken, 'gatehouse', step),
    })),
    spent: STEPS.map((step, position) => {
      const before = STEPS[position - 1];
      return { step, time: shareOf(taken, timeOf, step, before), cpu: shareOf(taken, cpuOf, step, before) };
    }),
  };
}

function shareOf(
  rounds: readonly Round<Step>[],
  microsecondsOf: (sample: Sample) => number,
  step: Step,
  before: Step | undefined,
): Share {
  const more = (round: Round<Step>) => microsecondsOf(round[step]) - (before ? microsecondsOf(round[before]) : 0);
  return {
    microseconds: median(rounds.map(more)),
    share: median(rounds.map((round) => more(round) / microsecondsOf(round.gatehouse))),
  };
}

function timeOf(sample: Sample): number {
  return 1_000_000 / speedOf(sample);
}
