/** What an archive can cost. Each bound is far above what `strapi export` writes, and below what would hold up a machine. */
export interface ArchiveBounds {
  readonly fileBytes: number;
  readonly contentBytes: number;
  readonly compression: number;
  readonly compressionFrom: number;
  readonly entries: number;
  readonly nameBytes: number;
  readonly paxBytes: number;
  readonly paddingBytes: number;
  readonly lineBytes: number;
  readonly rowBytes: number;
  readonly metadataBytes: number;
  readonly schemaBytes: number;
  readonly settingBytes: number;
}

export const ARCHIVE_BOUNDS: ArchiveBounds = {
  /** Of the file itself. It is read twice: 16 GiB are minutes, and whoever has more of it has uploads, which can stay out. */
  fileBytes: 16 * 2 ** 30,
  /** Of what is in it. Uploads hardly compress, so this is not reached before the other one. */
  contentBytes: 64 * 2 ** 30,
  /** Times the compressed size. Links reach 35, rows without values 70, a file of zeros 1,000. */
  compression: 250,
  /** A small archive can be one long repetition: the ratio is asked from here on. */
  compressionFrom: 32 * 2 ** 20,
  /** Half a million uploads in two files each. A header costs a microsecond, and nothing of it is kept. */
  entries: 1_000_000,
  /** Strapi's longest is a folder and a file name of 255 bytes. */
  nameBytes: 1_024,
  /** An extended header holds a name, a size and times. A million full ones take minutes. */
  paxBytes: 4 * 2 ** 10,
  /** Zeros after the end. tar pads to a multiple of 10 KiB, and of 1 MiB at most. */
  paddingBytes: 2 ** 20,
  /** One row or setting. Strapi takes requests of 1 MB; a row with its components is a few of them. */
  lineBytes: 16 * 2 ** 20,
  /** All rows, and all links: those of ten million users. The dearest are the shortest, and take some minutes. */
  rowBytes: 8 * 2 ** 30,
  /** `metadata.json` has 100 bytes. */
  metadataBytes: 64 * 2 ** 10,
  /** All schemas together, which stay in memory. The fixture has 44 kB. */
  schemaBytes: 32 * 2 ** 20,
  /** All settings together. The layouts of a large project are a few megabytes. */
  settingBytes: 128 * 2 ** 20,
};
