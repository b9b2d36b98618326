//! Takes functions out of the WebGPU flavour that are linked but cannot be called in a browser.
//!
//! The linker keeps whatever a table of function pointers names, and burn-wgpu comes with the compiler of a language that our shaders
//! are not written in. What is listed here would be two fifths of the module. A function that is taken out keeps its place with
//! nothing but a trap in it, so that a mistake here ends like any other trap: with an error that names the backend.

use anyhow::{Result, ensure};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// What the names of such functions contain. Our shaders are WGSL already: CubeCL's own language is never compiled, optimised,
/// checked, printed or parsed.
const UNREACHABLE: [&str; 12] = [
    "cubecl_wgpu::compiler::wgsl::",
    "cubecl_opt::",
    "cubecl_core::post_processing::",
    "pliron::opts::",
    "pliron::irbuild::",
    "pliron::printable::",
    "pliron::parsable::",
    "::verify_interfaces",
    "::MaterializableOp>::materialize",
    "combine::parser::",
    "combine::stream::",
    "rustc_apfloat::",
];

/// Instructions of the smallest function that is taken out. Functions of the same code are one function under one of their
/// names, and the shorter one is the likelier it also has a name that is called.
const WORTH_IT: u64 = 128;

/// Puts a trap for the body of every function of some size whose name contains one of [`UNREACHABLE`], and drops what only
/// those referred to.
///
/// # Errors
/// When a name of the list occurs in none of the module's: then a dependency calls it otherwise.
pub fn prune(module: &mut Module) -> Result<()> {
    prune_named(module, &UNREACHABLE, WORTH_IT)
}

fn prune_named(module: &mut Module, unreachable: &[&str], worth_it: u64) -> Result<()> {
    let names = || module.funcs.iter().filter_map(|function| function.name.as_deref());
    for part in unreachable {
        ensure!(names().any(|name| name.contains(part)), "no function is called {part} any more");
    }
    let is_unreachable = |name: &str| unreachable.iter().any(|part| name.contains(part));
    let taken_out: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, body)| {
            let name = module.funcs.get(*id).name.as_deref();
            body.size() >= worth_it && name.is_some_and(is_unreachable)
        })
        .map(|(id, _)| id)
        .collect();
    for id in taken_out {
        let ty = module.types.get(module.funcs.get(id).ty());
        let (parameters, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        let arguments = parameters.iter().map(|&ty| module.locals.add(ty)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
    walrus::passes::gc::run(module);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use walrus::ValType;

    /// Two exported functions, which give what they are named for, and one that only the second calls.
    fn module() -> Module {
        let mut module = Module::default();
        let helper = function(&mut module, "kr_lpr::helper", 3, None);
        for (name, value, calls) in [("kr_lpr::read", 1, None), ("combine::parse", 2, Some(helper))] {
            let id = function(&mut module, name, value, calls);
            module.exports.add(name, id);
        }
        module
    }

    fn function(module: &mut Module, name: &str, value: i32, calls: Option<FunctionId>) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::F32], &[ValType::I32]);
        builder.name(name.to_string());
        if let Some(id) = calls {
            builder.func_body().f32_const(0.0).call(id).drop();
        }
        builder.func_body().i32_const(value);
        let argument = module.locals.add(ValType::F32);
        builder.finish(vec![argument], &mut module.funcs)
    }

    /// Names and numbers of instructions.
    fn functions(module: &Module) -> Vec<(String, u64)> {
        let mut found: Vec<(String, u64)> = module
            .funcs
            .iter_local()
            .map(|(id, body)| (module.funcs.get(id).name.clone().unwrap(), body.size()))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn a_trap_takes_the_place_of_what_is_named() {
        let mut pruned = module();
        prune_named(&mut pruned, &["combine::"], 0).unwrap();
        assert_eq!(functions(&pruned), [("combine::parse".into(), 1), ("kr_lpr::read".into(), 1)]);
        let again = Module::from_buffer(&pruned.emit_wasm()).unwrap();
        let trap = again.funcs.get(again.funcs.by_name("combine::parse").unwrap()).kind.unwrap_local();
        assert!(trap.block(trap.entry_block()).instrs[0].0.is_unreachable());
        assert_eq!(again.exports.iter().count(), 2);
    }

    #[test]
    fn what_is_too_small_to_matter_stays() {
        let mut kept = module();
        prune_named(&mut kept, &["combine::"], 5).unwrap();
        assert_eq!(functions(&kept), functions(&module()));
    }

    #[test]
    fn a_name_that_nothing_has_is_noticed() {
        let error = prune_named(&mut module(), &["combine::", "cubek_quant::"], 0).unwrap_err();
        assert!(error.to_string().contains("cubek_quant::"), "{error}");
    }
}
