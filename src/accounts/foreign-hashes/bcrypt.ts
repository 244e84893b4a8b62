// bcrypt as other systems use it: they cut a password at 72 bytes, where ours are refused. So it has a form of its own, which
// a login with a longer password may match.

const FORM = /^\$bcrypt(?<hash>\$2b\$\d{2}\$[./A-Za-z\d]{53})$/;

/** `$2a$` and `$2y$` are other names of `$2b$`: they differ for passwords of 255 bytes and more, and we cut before. */
const HASH = /^\$2[aby]\$(?<cost>\d{2})\$(?<digits>[./A-Za-z\d]{53})$/;

const LEAST_COST = 4;
/** One second of a processor. */
const GREATEST_COST = 14;

/** The stored form of a bcrypt hash of another system; undefined for what is none, or costs too much. */
export function bcryptForm(hash: string): string | undefined {
  const { cost, digits } = HASH.exec(hash)?.groups ?? {};
  if (cost === undefined || Number(cost) < LEAST_COST || Number(cost) > GREATEST_COST) return undefined;
  return `$bcrypt$2b$${cost}$${digits}`;
}

/** The hash in a stored form; undefined for another form. */
export function bcryptInForm(form: string): string | undefined {
  return FORM.exec(form)?.groups?.['hash'];
}
