declare module 'asl-validator' {
  /** Checks a definition against the schema of ASL and writes defaults into it. */
  export default function aslValidator(
    definition: object,
    options?: { readonly checkPaths?: boolean; readonly checkArn?: boolean },
  ): { readonly isValid: boolean; readonly errorsText: (separator?: string) => string };
}
