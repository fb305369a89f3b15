/** What the plugin uses of the framework. */
type Serverless = {
  readonly service: {
    readonly provider: {
      readonly compiledCloudFormationTemplate: { readonly Resources: Record<string, unknown> };
    };
  };
};

const SHARED_ROLE = 'IamRoleLambdaExecution';

/**
 * Drops the role that the framework makes for all functions together. Each function has a role of its
 * own, and this one could read and delete the records of every queue. Listed after the plugin that
 * makes the other roles.
 */
export default class UnusedRole {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor({ service }: Serverless) {
    this.hooks = {
      'before:package:finalize': () => {
        const { Resources } = service.provider.compiledCloudFormationTemplate;
        const { [SHARED_ROLE]: _unused, ...others } = Resources;
        // In quotation marks: the names of functions' own roles end in the same way.
        if (JSON.stringify(others).includes(`"${SHARED_ROLE}"`)) {
          throw new Error(`${SHARED_ROLE} is in use: give every function iamRoleStatements.`);
        }
        delete Resources[SHARED_ROLE];
      },
    };
  }
}
