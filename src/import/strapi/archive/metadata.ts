import { parseJson } from '../bounded-json.ts';
import { isData } from '../shapes.ts';
import { ImportRefused } from '../source.ts';

/** The version in `metadata.json`, which Strapi writes last. */
export function versionOf(text: string): string {
  const metadata = parseJson(text);
  if ('problem' in metadata) throw new ImportRefused(`metadata.json: the file ${metadata.problem}. Export it again.`);
  const strapi = isData(metadata.value) ? metadata.value['strapi'] : undefined;
  const version = isData(strapi) ? strapi['version'] : undefined;
  const major = typeof version === 'string' ? /^(\d{1,4})\.[\w.+-]{1,60}$/.exec(version)?.[1] : undefined;
  if (typeof version !== 'string' || major === undefined)
    throw new ImportRefused('metadata.json: the file has no version of Strapi. Use an archive of `strapi export`.');
  if (major !== '4' && major !== '5')
    throw new ImportRefused(
      `metadata.json: the archive is one of Strapi ${major}. Archives of Strapi 4 and 5 can be imported.`,
    );
  return version;
}
