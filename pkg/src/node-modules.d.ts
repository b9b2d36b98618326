// The little of Node that `node.ts` uses: the types of all of it would turn up in code for browsers, too.
declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}
