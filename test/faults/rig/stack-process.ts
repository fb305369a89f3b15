import { startStack } from '../../../local/stack.ts';
import { tenants } from './campaign.ts';
import { shortSettings } from './rig.ts';

/** A whole stack in a process of its own, with everything on disk, until someone kills it. */
const dataDir = process.argv[2] ?? '';
const { url, simUrl, awsEnv, settings, simulators } = await startStack({
  tenants,
  dataDir,
  settings: shortSettings,
});
// A callback settles a doubt: here the look-ups have to do it.
for (const name of ['twilio', 'scg']) simulators.setFault(name, { callbacks: 'never' });
process.send?.({ url, simUrl, awsEnv, settings });
