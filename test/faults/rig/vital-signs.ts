import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Loaded into a function's thread: notes its heap and its open handles once a second. */
const directory = process.env.FAULTS_SIGNS_DIR;
if (directory !== undefined) {
  const file = join(directory, process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'unknown');
  setInterval(() => {
    const heap = process.memoryUsage().heapUsed;
    const handles = process.getActiveResourcesInfo().length;
    appendFileSync(file, `${JSON.stringify({ heap, handles })}\n`);
  }, 1000).unref();
}
