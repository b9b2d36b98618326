/// <reference lib="esnext.disposable" preserve="true" />
// The line above is for the types: they name `Symbol.dispose`, which only newer settings of TypeScript know.

/**
 * The platform's own types, by name: those of a browser are looked up where the package is used, so that its types can be
 * read without them, in Node for one.
 * @module
 */

/** A class of the platform's, as far as it tells what its instances are. */
export interface PlatformClass<Instance> {
  /** What every instance has. */
  prototype: Instance;
}

/** An instance of the platform's class `Name`; `Else` where its type is not known. */
export type Platform<Name extends string, Else = never> =
  typeof globalThis extends Record<Name, PlatformClass<infer Instance>> ? Instance : Else;

/** A compiled wasm module. */
export type WasmModule =
  typeof globalThis extends Record<'WebAssembly', Record<'Module', PlatformClass<infer Module>>> ? Module : never;

/** An event that tells something, as `CustomEvent` does. */
export type DetailEvent<Detail> = Platform<'Event', object> & {
  /** The event's name. */
  readonly type: string;
  /** What it tells. */
  readonly detail: Detail;
};

/** An `EventTarget` whose events are known: `Events` has each by its name. */
export type TypedEventTarget<Events> = Listeners<Events> & Platform<'EventTarget', object>;

/** How one listens to `Events`. */
export interface Listeners<Events> {
  /** Calls `listener` for each event of that name, until it is removed or `signal` aborts. */
  addEventListener<Name extends keyof Events & string>(
    type: Name,
    listener: (event: Events[Name]) => void,
    options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: Platform<'AbortSignal'> },
  ): void;
  /** Calls `listener` for no more of these events. */
  removeEventListener<Name extends keyof Events & string>(
    type: Name,
    listener: (event: Events[Name]) => void,
    options?: boolean | { capture?: boolean },
  ): void;
}

/** The platform's `EventTarget`, as a base of classes whose events are known. */
export const EventBase: new <Events>() => TypedEventTarget<Events> = globalThis.EventTarget as never;

/** Tells whoever listens to `target`. @internal */
export function emit(target: object, type: string, detail: unknown): void {
  (target as EventTarget).dispatchEvent(new CustomEvent(type, { detail }));
}
