//! Takes functions out of the WebGPU flavour that are linked but cannot be called in a browser.
//!
//! The linker keeps whatever a table of function pointers names, and Burn's kernels come with all they can do on any
//! device. What is listed here would be an eighth of the download. A function that is taken out keeps its place with
//! nothing but a trap in it, so that a mistake here ends like any other trap: with an error that names the backend.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use wasm_encoder::{CodeSection, Function, Instruction, Module, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// What the names of such functions contain.
const UNREACHABLE: [&str; 12] = [
    // The text form of the language that kernels are compiled in is for people: nothing is parsed.
    "pliron::parsable::Parsable>::parse",
    "combine::parser::",
    "combine::stream::",
    "rustc_apfloat::Float>::from_str_r",
    // Tensors of a few bits a number: ours are unpacked when the weights are loaded.
    "cubek_quant::",
    "cubecl_std::quant::",
    // The tensor memory accelerator, which CUDA alone gives access to.
    "::__expand_tensor_map_load_method",
    "::__expand_tensor_map_store_method",
    "::launch_ref_tma",
    // Matrix products for CPUs, for tensors stored in tiles, and for autotuning to choose from: there are none of these.
    "cubek_matmul::tiled::cmma::",
    "cubek_matmul::tiled::cpu_gemm::",
    "cubek_matmul::tiled::strategy::",
];

/// Bytes of the smallest function that is taken out. Functions of the same code are one function under one of their names,
/// and the shorter one is the likelier it also has a name that is called.
const WORTH_IT: usize = 256;

/// The module with a trap for the body of every function of some size whose name contains one of [`UNREACHABLE`].
///
/// # Errors
/// When it is no module with names, or a name of the list occurs in none of them: then a dependency calls it otherwise.
pub fn prune(wasm: &[u8]) -> Result<Vec<u8>> {
    prune_named(wasm, &UNREACHABLE, WORTH_IT)
}

fn prune_named(wasm: &[u8], unreachable: &[&str], worth_it: usize) -> Result<Vec<u8>> {
    let names = function_names(wasm)?;
    for part in unreachable {
        ensure!(names.values().any(|name| name.contains(part)), "no function is called {part} any more");
    }
    let is_taken_out =
        |index: u32| names.get(&index).is_some_and(|name| unreachable.iter().any(|part| name.contains(part)));

    let mut index = imported_functions(wasm)?;
    let mut module = Module::new();
    let mut bodies = CodeSection::new();
    let mut still_to_come = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionStart { count, .. } => still_to_come = count,
            Payload::CodeSectionEntry(body) => {
                if body.as_bytes().len() >= worth_it && is_taken_out(index) {
                    let mut trap = Function::new([]);
                    trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
                    bodies.function(&trap);
                } else {
                    bodies.raw(body.as_bytes());
                }
                index += 1;
                still_to_come -= 1;
                if still_to_come == 0 {
                    module.section(&bodies);
                }
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
                }
            }
        }
    }
    Ok(module.finish())
}

/// How many functions a module imports: their indices come before those of its own.
fn imported_functions(wasm: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                count += u32::from(matches!(import?.ty, TypeRef::Func(_)));
            }
        }
    }
    Ok(count)
}

/// The names of functions, which are there until they are stripped, by index.
fn function_names(wasm: &[u8]) -> Result<HashMap<u32, &str>> {
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let Name::Function(functions) = subsection? else { continue };
            for naming in functions {
                let naming = naming?;
                names.insert(naming.index, naming.name);
            }
        }
    }
    ensure!(!names.is_empty(), "the module has no names of functions");
    Ok(names)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, FunctionSection, ImportSection, NameMap, NameSection, TypeSection,
        ValType,
    };

    /// One import, and two functions of its own that give 1 and 2.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("env", "clock", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut exports = ExportSection::new();
        exports.export("read", ExportKind::Func, 1).export("parse", ExportKind::Func, 2);
        let mut code = CodeSection::new();
        for value in [1, 2] {
            let mut body = Function::new([]);
            body.instruction(&Instruction::I32Const(value)).instruction(&Instruction::End);
            code.function(&body);
        }
        let mut functions_by_name = NameMap::new();
        for (index, name) in [(0, "clock"), (1, "kr_lpr::read"), (2, "combine::parse")] {
            functions_by_name.append(index, name);
        }
        let mut names = NameSection::new();
        names.functions(&functions_by_name);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code).section(&names);
        module.finish()
    }

    /// The operators of every body.
    fn bodies(wasm: &[u8]) -> Vec<String> {
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let operators = body.get_operators_reader().unwrap().into_iter();
                bodies.push(operators.map(|operator| format!("{:?} ", operator.unwrap())).collect());
            }
        }
        bodies
    }

    #[test]
    fn a_trap_takes_the_place_of_what_is_named() {
        let before = module();
        let after = prune_named(&before, &["combine::"], 0).unwrap();
        assert_eq!(bodies(&before), ["I32Const { value: 1 } End ", "I32Const { value: 2 } End "]);
        assert_eq!(bodies(&after), ["I32Const { value: 1 } End ", "Unreachable End "]);
        assert_eq!(bodies(&prune_named(&before, &["combine::"], 5).unwrap()), bodies(&before), "too small to matter");
        assert_eq!(function_names(&after).unwrap(), function_names(&before).unwrap());
        assert_eq!(imported_functions(&after).unwrap(), 1);
    }

    #[test]
    fn a_name_that_nothing_has_is_noticed() {
        let error = prune_named(&module(), &["combine::", "cubek_quant::"], 0).unwrap_err();
        assert!(error.to_string().contains("cubek_quant::"), "{error}");
        assert!(prune_named(b"no module", &["combine::"], 0).is_err());
    }
}
