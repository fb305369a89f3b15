/** The smallest zip archive: an end-of-central-directory record, nothing else. */
export const emptyZip = Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)]);

/**
 * Stands where serverless-esbuild stands in a deployment and gives each function an empty archive:
 * the local stack runs the sources themselves and wants the template alone.
 */
export const bundlerStandIn = `'use strict';
const path = require('node:path');
module.exports = class {
  constructor(serverless) {
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      properties: { skipEsbuild: { type: 'boolean' } },
    });
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => {
        for (const name of serverless.service.getAllFunctions()) {
          serverless.service.getFunction(name).package = {
            artifact: path.join(serverless.serviceDir, 'empty.zip'),
          };
        }
      },
    };
  }
};
`;
