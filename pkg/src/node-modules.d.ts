// The little of Node that is used: the types of all of it would turn up in code for browsers, too.
declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}
declare module 'node:worker_threads' {
  export const isMainThread: boolean;
  export const parentPort: {
    postMessage(message: unknown): void;
    on(event: 'message', listener: (data: unknown) => void): void;
  } | null;
  export class Worker {
    constructor(script: URL, options: { execArgv: string[] });
    postMessage(value: unknown, transfer?: readonly never[]): void;
    on(event: string, listener: (value: never) => void): void;
    off(event: string, listener: (value: never) => void): void;
    terminate(): Promise<number>;
    ref(): void;
    unref(): void;
  }
}
