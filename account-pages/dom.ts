import { words } from './config.ts';
import { Failure, messageOf } from './failure.ts';

type Child = Node | string | undefined | false;

/** Makes an element. Texts become text, whatever is in them. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** A button that runs something, once at a time. What it throws is said by `say`. */
export function button(
  text: string,
  run: () => Promise<void> | void,
  {
    kind = 'quiet',
    label,
    say = announceError,
  }: { kind?: 'quiet' | 'danger' | 'plain' | ''; label?: string; say?: (error: unknown) => void } = {},
): HTMLButtonElement {
  const made = el(
    'button',
    { type: 'button', ...(kind !== '' && { class: kind }), ...(label !== undefined && { 'aria-label': label }) },
    text,
  );
  made.addEventListener('click', () => void busy([made], run).catch(say));
  return made;
}

async function busy(buttons: readonly HTMLButtonElement[], run: () => Promise<void> | void): Promise<void> {
  for (const one of buttons) one.disabled = true;
  try {
    await run();
  } finally {
    for (const one of buttons) one.disabled = false;
  }
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: string;
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: string;
  readonly attributes?: Readonly<Record<string, string | boolean>>;
}

export interface Form {
  readonly fields: readonly Field[];
  readonly button: string;
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<void>;
  readonly beside?: readonly HTMLElement[];
}

let counter = 0;

/** A form with labels, whose faults stand at their fields and get the focus. */
export function form({ fields, button: text, submit, beside = [] }: Form): HTMLFormElement {
  const error = el('p', { class: 'error', role: 'alert', tabindex: '-1', hidden: true });
  const inputs = new Map<string, { readonly input: HTMLInputElement; readonly fault: HTMLElement }>();
  const labels = fields.map((field) => {
    const id = `field-${++counter}`;
    const fault = el('span', { id: `${id}-fault`, class: 'error', hidden: true });
    const input = el('input', {
      id,
      name: field.name,
      type: field.type ?? 'text',
      autocomplete: field.autocomplete,
      required: true,
      ...(field.value !== undefined && { value: field.value }),
      ...(field.hint !== undefined && { 'aria-describedby': `${id}-hint` }),
      ...field.attributes,
    });
    inputs.set(field.name, { input, fault });
    const hint = field.hint === undefined ? undefined : el('span', { id: `${id}-hint`, class: 'muted' }, field.hint);
    return el('div', { class: 'field' }, el('label', { for: id }, field.label), input, hint, fault);
  });
  const send = el('button', { type: 'submit' }, text);
  // The server says what is wrong, in the language of the page and beside the field.
  const made = el('form', { novalidate: true }, error, ...labels, el('div', { class: 'row' }, send, ...beside));

  function show(thrown: unknown): void {
    const faults = thrown instanceof Failure ? thrown.faults : [];
    const shown = faults.filter(({ field }) => inputs.has(field));
    for (const { field, message } of shown) mark(inputs.get(field), message);
    const all = shown.length > 0 && shown.length === faults.length;
    error.textContent = all ? words.seeFields : messageOf(thrown);
    error.hidden = false;
    const first = [...inputs.values()].find(({ input }) => input.getAttribute('aria-invalid') === 'true');
    (first?.input ?? error).focus();
  }

  function clear(): void {
    error.hidden = true;
    for (const { input, fault } of inputs.values()) {
      fault.hidden = true;
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-errormessage');
    }
  }

  made.addEventListener('submit', (event) => {
    event.preventDefault();
    clear();
    const values = Object.fromEntries([...inputs].map(([name, { input }]) => [name, input.value]));
    void busy([send], () => submit(values)).catch(show);
  });
  return made;
}

function mark(
  at: { readonly input: HTMLInputElement; readonly fault: HTMLElement } | undefined,
  message: string,
): void {
  if (!at) return;
  at.fault.textContent = at.fault.hidden ? message : `${at.fault.textContent}. ${message}`;
  at.fault.hidden = false;
  at.input.setAttribute('aria-invalid', 'true');
  at.input.setAttribute('aria-errormessage', at.fault.id);
}

const page = document.querySelector<HTMLElement>('#page') ?? document.body;
const heading = document.querySelector('h1') ?? document.createElement('h1');
const main = document.querySelector('main');
const [, brand] = document.title.split(' – ');
const status = el('p', { role: 'status', class: 'muted', tabindex: '-1' });
page.before(status);
status.hidden = true;

/** Shows something in place of what was there, and moves the focus to it, so that a screen reader says where one is. */
export function show(title: string, content: readonly Child[], { wide = false, focus = true } = {}): void {
  heading.textContent = title;
  document.title = brand === undefined ? title : `${title} – ${brand}`;
  main?.classList.toggle('wide', wide);
  page.replaceChildren(...content.filter((child) => child !== undefined && child !== false));
  if (!focus) return;
  const first = page.querySelector<HTMLInputElement>('form input');
  heading.tabIndex = -1;
  (first ?? heading).focus();
}

/** Says what was done. */
export function announce(text: string): void {
  status.className = 'muted';
  status.setAttribute('role', 'status');
  status.textContent = text;
  status.hidden = text === '';
}

/** Says what is wrong, and moves the focus there. */
export function announceError(error: unknown): void {
  announce(messageOf(error));
  status.className = 'error';
  status.setAttribute('role', 'alert');
  status.focus();
}
