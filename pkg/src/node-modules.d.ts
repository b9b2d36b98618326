// The little of Node that is used: the types of all of it would turn up in code for browsers, too.
declare module 'node:fs/promises' {
  export function readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>>;
  export function readdir(path: string): Promise<string[]>;
  export function stat(path: string): Promise<{ isDirectory(): boolean }>;
}
declare module 'node:path' {
  export function basename(path: string): string;
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
}
declare module 'node:process' {
  interface Stream {
    isTTY?: boolean;
    write(text: string): boolean;
    on(event: 'error', listener: (error: { code?: string }) => void): void;
  }
  const process: {
    argv: string[];
    exitCode?: number;
    exit(code: number): never;
    stdout: Stream;
    stderr: Stream;
  };
  export default process;
}
declare module 'node:util' {
  type Option = { type: 'boolean' | 'string'; short?: string };
  type Values<Options extends Record<string, Option>> = {
    [Name in keyof Options]?: Options[Name]['type'] extends 'boolean' ? boolean : string;
  };
  export function parseArgs<Options extends Record<string, Option>>(config: {
    args: string[];
    options: Options;
    allowPositionals: true;
    tokens: true;
  }): { values: Values<Options>; positionals: string[]; tokens: { kind: string; name?: string }[] };
}
declare module 'node:worker_threads' {
  export const isMainThread: boolean;
  export const parentPort: {
    postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
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
