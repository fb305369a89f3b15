import { buildConsole } from '../../console/build.ts';

/** Before any test: what imports the function `console` needs the page that it serves. */
export const setup = buildConsole;
