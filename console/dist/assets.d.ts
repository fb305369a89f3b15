/** A file of the page, compressed. */
export type Asset = {
  /** Its content type. */
  readonly type: string;
  /** Its bytes, gzipped, in base64. */
  readonly gzip: string;
};

/** The HTML of the page; it names its files as `console/<name>`. */
export declare const page: string;
/** By name. A name contains a hash of the content. */
export declare const files: Readonly<Record<string, Asset>>;
