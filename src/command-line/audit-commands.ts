import { type Head, verifyAudit } from '../audit/verify.ts';
import { type Command, Misused, Refused } from './command.ts';

/** The audit log. */
export const AUDIT: readonly Command[] = [
  {
    usage: 'audit verify [--head NUMBER:HASH]',
    description: 'finds entries that were altered, removed or reordered; --head: and a log that was written anew',
    async run({ words, options }, { database }) {
      if (words.length > 0) throw new Misused();
      const { entries, head, findings } = await verifyAudit(database.query, headIn(options['head']));
      if (findings.length > 0) throw new Refused(['The audit log is not as it was written:', ...findings].join('\n'));
      const count = entries === 1 ? '1 entry is' : `${entries} entries are`;
      return `${count} as written. The log ends with ${head.id}:${head.hash}\nKeep that elsewhere, and give it to --head the next time: who writes the whole log anew cannot change it there.`;
    },
  },
];

function headIn(text: string | undefined): Head | undefined {
  if (text === undefined) return undefined;
  const [, id, hash] = /^(\d+):([\da-f]{64})$/.exec(text) ?? [];
  if (id === undefined || hash === undefined) throw new Refused('--head takes what an earlier verify ended with');
  return { id: Number(id), hash };
}
