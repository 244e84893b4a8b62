import { StartRefused } from '../common/start-refused.ts';

/** The environment cannot be started with: the message names each variable and what was expected of it. */
export class ConfigError extends StartRefused {
  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}
