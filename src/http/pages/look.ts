import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { StartRefused } from '../../common/start-refused.ts';

/** The colours of the server's pages, each as CSS writes it: `#1a56db`, `rebeccapurple`, `oklch(60% 0.15 250)`. */
export interface PageColours {
  /** Buttons, links and the ring around what has the focus. */
  readonly accent: string;
  /** Text on the accent. */
  readonly onAccent: string;
  /** Behind everything. */
  readonly background: string;
  /** Behind the text. */
  readonly surface: string;
  readonly text: string;
  /** Text that matters less. */
  readonly muted: string;
  /** Around fields, and between the entries of a list. */
  readonly border: string;
  /** What is wrong, and buttons that remove. */
  readonly danger: string;
}

/** What an application changes of the look. The rest stays as it is. */
export interface PageLook {
  readonly light?: Partial<PageColours>;
  /** For browsers whose user prefers dark pages. */
  readonly dark?: Partial<PageColours>;
  /** How round corners are: `8px`, `0.5rem`, `0`. */
  readonly radius?: string;
  /** A list of fonts that the user's device has: `Inter, system-ui, sans-serif`. No font is loaded. */
  readonly font?: string;
}

const LIGHT: PageColours = {
  accent: '#1a56db',
  onAccent: '#ffffff',
  background: '#f4f5f7',
  surface: '#ffffff',
  text: '#1c2330',
  muted: '#545d6c',
  border: '#868e9b',
  danger: '#b42318',
};

const DARK: PageColours = {
  accent: '#8ab4ff',
  onAccent: '#0b1a33',
  background: '#12151b',
  surface: '#1b2029',
  text: '#e7eaf0',
  muted: '#aab2c0',
  border: '#6d7686',
  danger: '#ff9d94',
};

/**
 * The style of all pages.
 *
 * @throws StartRefused for a value that is not of its kind: it could end its declaration and begin others.
 */
export function styleOf({ light, dark, radius = '8px', font = 'system-ui, sans-serif' }: PageLook = {}): string {
  check('radius', radius, /^(0|\d{1,3}(\.\d{1,3})?(px|rem|em))$/);
  check('font', font, /^[\p{L}\d ,-]{1,200}$/u);
  return `:root { color-scheme: light dark; --radius: ${radius}; --font: ${font}; ${variables('light', LIGHT, light)} }
@media (prefers-color-scheme: dark) { :root { ${variables('dark', DARK, dark)} } }
${RULES}`;
}

function variables(of: 'light' | 'dark', usual: PageColours, own: Partial<PageColours> = {}): string {
  const names = Object.keys(usual) as (keyof PageColours)[]; // of a literal
  for (const name of Object.keys(own)) {
    if (!Object.hasOwn(usual, name)) refuse(`${of}.${name}`);
  }
  return names
    .map((name) => {
      const value = own[name] ?? usual[name];
      check(`${of}.${name}`, value, COLOUR);
      return `--${name}: ${value};`;
    })
    .join(' ');
}

const COLOUR = /^(#[\da-f]{3,8}|[a-z]{3,30}|(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([\d\s.,%/a-z+-]{1,60}\))$/i;

function check(name: string, value: string, form: RegExp): void {
  if (!form.test(value)) refuse(name);
}

function refuse(name: string): never {
  throw new StartRefused(`accountPages.look.${name}: this is no value for it (docs/account-pages.md)`);
}

const RULES = `
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 var(--font); background: var(--background); color: var(--text); }
main { max-width: 26rem; margin: clamp(0rem, 8vh, 6rem) auto; padding: 2rem; background: var(--surface); border-radius: var(--radius); overflow-wrap: anywhere; }
main.wide { max-width: 46rem; }
@media (max-width: 30rem) { main { margin: 0 auto; padding: 1.5rem 1.25rem; border-radius: 0; } body { background: var(--surface); } }
.brand { display: flex; align-items: center; gap: 0.6rem; margin: 0 0 1.25rem; font-weight: 600; }
.brand img { max-height: 2.5rem; max-width: 12rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
form, .part { margin: 0 0 1.25rem; }
label, .field { display: block; margin-bottom: 1rem; }
.field label { margin: 0; }
.field .error { display: block; margin-top: 0.25rem; }
[hidden], .field [hidden] { display: none; }
input { display: block; width: 100%; font: inherit; padding: 0.5rem 0.6rem; margin-top: 0.25rem; color: inherit; background: var(--surface); border: 1px solid var(--border); border-radius: var(--radius); }
button { font: inherit; padding: 0.55rem 1.1rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--accent); color: var(--onAccent); cursor: pointer; }
button.quiet, a.quiet { background: transparent; color: var(--accent); }
a.quiet { display: block; padding: 0.55rem 1.1rem; border: 1px solid var(--accent); border-radius: var(--radius); text-decoration: none; text-align: center; }
button.plain { padding: 0; border: 0; background: transparent; color: var(--accent); text-decoration: underline; }
button.danger { background: transparent; color: var(--danger); border-color: var(--danger); }
button:disabled { opacity: 0.6; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1:focus, [tabindex="-1"]:focus { outline: none; }
output { display: block; margin-top: 1rem; }
.code, code { font-family: ui-monospace, monospace; }
.code { font-size: 1.8rem; letter-spacing: 0.15em; }
.muted { color: var(--muted); font-size: 0.925rem; }
.error { color: var(--danger); border-left: 3px solid var(--danger); padding-left: 0.75rem; }
.stack > * { width: 100%; margin-bottom: 0.75rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; }
.account { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; justify-content: space-between; align-items: center; margin: 0 0 1.25rem; padding: 0 0 0.75rem; border-bottom: 1px solid var(--border); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
nav [aria-current] { color: var(--text); font-weight: 600; text-decoration: none; }
ul.list { list-style: none; margin: 0 0 1.25rem; padding: 0; }
ul.list > li { padding: 0.9rem 0; border-bottom: 1px solid var(--border); display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; justify-content: space-between; align-items: center; }
ul.list .about { flex: 1 1 14rem; }
ul.list p { margin: 0; }
ul.codes { columns: 14rem; padding: 0; list-style: none; }
.qr { display: block; width: 13rem; max-width: 100%; aspect-ratio: 1; background: #fff; padding: 0.5rem; border-radius: var(--radius); margin: 0 0 1rem; }
dialog { width: min(24rem, calc(100vw - 2rem)); padding: 1.5rem; color: var(--text); background: var(--surface); border: 1px solid var(--border); border-radius: var(--radius); }
dialog h2 { margin-top: 0; }
dialog::backdrop { background: rgb(0 0 0 / 50%); }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; }
`;

/** The largest logo, in bytes. It is part of every page. */
const LARGEST_LOGO = 65_536;

const LOGO_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};

/**
 * A file of the application as an address that is in the page itself. In an image, no script of an SVG runs.
 *
 * @throws StartRefused when it cannot be read, is too large, or is no image.
 */
export function logoAddress(file: URL): string {
  const type = LOGO_TYPES[extname(file.pathname).toLowerCase()];
  if (file.protocol !== 'file:' || type === undefined) {
    throw new StartRefused('accountPages.logo: expected a file that ends in .svg, .png, .webp or .jpg');
  }
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (cause) {
    throw new StartRefused(`accountPages.logo: ${file.pathname} cannot be read`, { cause });
  }
  if (content.length > LARGEST_LOGO) throw new StartRefused('accountPages.logo: expected 64 KB at most');
  return `data:${type};base64,${content.toString('base64')}`;
}
