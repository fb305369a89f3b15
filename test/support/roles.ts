import * as z from 'zod';
import type { Resolver } from '../../local/template/intrinsics.ts';
import { functionsOf } from '../../local/template/resources.ts';

/** One thing that someone does, or may do, to one resource. */
export type Permission = {
  /** A function's key, or a state machine's name. */
  readonly by: string;
  readonly action: string;
  readonly resource: string;
};

/** Whether a role's permission, whose resource may end in a star, covers what was done. */
export const covers = (allowed: Permission, done: Permission): boolean =>
  allowed.by === done.by &&
  allowed.action === done.action &&
  (allowed.resource.endsWith('*')
    ? done.resource.startsWith(allowed.resource.slice(0, -1))
    : done.resource === allowed.resource);

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.strictObject({
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
});
const roleSchema = z.object({
  Policies: z.array(
    z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) }),
  ),
  /** A managed policy would allow what nobody reads here. */
  ManagedPolicyArns: z.tuple([]).optional(),
});
const roleOfSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });
const roleOf = (property: unknown): string => roleOfSchema.parse(property)['Fn::GetAtt'][0];

/** Who takes on a role, by the role's logical id. */
function holdersOf(template: Resolver): ReadonlyMap<string, string> {
  const keys = new Map(functionsOf(template).map(({ arn, key }) => [arn, key]));
  const functions = template
    .ofType('AWS::Lambda::Function')
    .map(([id, { Properties }]) => [roleOf(Properties.Role), keys.get(template.arnOf(id)) ?? id]);
  const machines = template
    .ofType('AWS::StepFunctions::StateMachine')
    .map(([id, { Properties }]) => [roleOf(Properties.RoleArn), template.nameOf(id)]);
  return new Map([...functions, ...machines].map(([role = '', holder = '']) => [role, holder]));
}

/** What the roles in the compiled template allow to each function and state machine. */
export function permissionsOf(template: Resolver): Permission[] {
  const holders = holdersOf(template);
  return template.ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) => {
    const by = holders.get(id);
    if (by === undefined) return [];
    return roleSchema
      .parse(template.resolve(Properties))
      .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ by, action, resource }))),
      );
  });
}

/** Roles that no function and no state machine takes on, by their logical ids. */
export function idleRolesOf(template: Resolver): string[] {
  const holders = holdersOf(template);
  return template
    .ofType('AWS::IAM::Role')
    .map(([id]) => id)
    .filter((id) => !holders.has(id));
}
