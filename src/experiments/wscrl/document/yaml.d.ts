/** What is used of the package. */
declare module "yaml" {
  export function parse(text: string, options?: { maxAliasCount?: number }): unknown;
  export function stringify(value: unknown): string;
}
