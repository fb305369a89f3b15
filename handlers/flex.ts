import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireFlex } from './runtime/wiring/flex.ts';

const observe = observation('flex');

/** What Flex screens and back offices call. */
export const handler = httpHandler(observe, () => wireFlex(observe));
