//! The command line of the training crate.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{
    ablate, bench, check, convert, eval, export, gallery, predict, preview, read, report, sheet, stats, synth, track,
    train,
};

/// Renders Korean licence plates, trains the networks of kr-lpr on them, evaluates and exports them.
#[derive(Parser)]
#[command(name = "kr-lpr-training", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Synth(synth::Arguments),
    Preview(preview::Arguments),
    Sheet(sheet::Arguments),
    Gallery(gallery::Arguments),
    Check(check::Arguments),
    Convert(convert::Arguments),
    Stats(stats::Arguments),
    Train(train::Arguments),
    Ablate(ablate::Arguments),
    Eval(eval::Arguments),
    Predict(predict::Arguments),
    Report(report::Arguments),
    Read(read::Arguments),
    Track(track::Arguments),
    Export(export::Arguments),
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Synth(arguments) => synth::run(arguments),
        Command::Preview(arguments) => preview::run(arguments),
        Command::Sheet(arguments) => sheet::run(arguments),
        Command::Gallery(arguments) => gallery::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Stats(arguments) => stats::run(arguments),
        Command::Train(arguments) => train::run(arguments),
        Command::Ablate(arguments) => ablate::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
        Command::Predict(arguments) => predict::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Read(arguments) => read::run(arguments),
        Command::Track(arguments) => track::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
