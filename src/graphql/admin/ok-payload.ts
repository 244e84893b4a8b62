import type { Builder } from '../builder.ts';

export type OkType = ReturnType<typeof addOkPayload>;

/** The payload of a mutation that has nothing else to say. */
export function addOkPayload(builder: Builder) {
  return builder.objectRef<{ readonly ok: boolean }>('AdminOkPayload').implement({
    fields: (t) => ({ ok: t.exposeBoolean('ok', { nullable: false }) }),
  });
}
