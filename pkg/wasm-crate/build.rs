//! What the linker of the browser build must know.

fn main() {
    // From the folder of the flavour's crate; a file that is not there would have it linked each time.
    println!("cargo::rerun-if-changed=../build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return;
    }
    // Exports the function that runs static constructors, for the page to call once. Without it wasm-ld assumes that
    // every export is a program of its own and has each call from JavaScript run all constructors again, of which the
    // WebGPU build has hundreds (`inventory` in cubecl): 505 ms a launch instead of 8.
    println!("cargo::rustc-link-arg-cdylib=--export=__wasm_call_ctors");
}
