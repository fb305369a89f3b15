declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** `path`: where the tables are kept; in memory without. The `…Ms` are how long a table is in between states. */
  export default function dynalite(options?: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSizeKb?: number;
  }): Server;
}
