/**
 * Settings of a stage, the strongest first: --param, settings.<stage>.yml, those of the embedded stack
 * for the stage `local`, settings.yml.
 */
module.exports = async ({ options, resolveVariable }) => {
  const stage = options.stage ?? 'dev';
  const settings = async (path) => (await resolveVariable(`file(${path}), null`)) ?? {};
  return {
    default: await settings('./settings.yml'),
    [stage]: {
      ...(stage === 'local' ? await settings('./local/settings.yml') : {}),
      ...(await settings(`./settings.${stage}.yml`)),
    },
  };
};
