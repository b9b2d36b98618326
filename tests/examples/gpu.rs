//! How long frames take on the CPU and on the GPU that wgpu finds, side by side:
//! `cargo run --release --features webgpu --example gpu -- pkg/weights tests/golden/private-long-tilted.png`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use kr_lpr::frame::PixelFormat;
use kr_lpr::{Frame, PlateReader, ReadOptions, Search, backend};

/// Width, height and plates of the frames.
const FRAMES: [(u32, u32, u32); 5] = [(640, 480, 1), (1280, 720, 1), (1280, 720, 8), (1920, 1080, 1), (1920, 1080, 8)];

/// Width of a plate, pixels.
const PLATE: u32 = 160;

const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(weights), Some(plate)) = (arguments.next(), arguments.next()) else {
        return Err("usage: gpu FOLDER_OF_WEIGHTS PICTURE_OF_A_PLATE".into());
    };
    let [recognizer, detector] =
        ["recognizer.bin", "detector.bin"].map(|name| std::fs::read(Path::new(&weights).join(name)));
    let (recognizer, detector) = (recognizer?, detector?);
    let plate = image::open(plate)?.into_rgb8();
    let plate = imageops::resize(&plate, PLATE, PLATE * plate.height() / plate.width(), FilterType::Triangle);

    let backends = [("CPU", backend::cpu()), ("GPU", pollster::block_on(backend::webgpu())?)];
    let open = |(name, backend)| -> Result<_, Box<dyn Error>> {
        Ok((name, PlateReader::from_weights(&recognizer, &backend)?.with_detector(&detector)?))
    };
    let readers = backends.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
    println!("| frame | plates | backend | ms, least | ms, median | read |\n|---|---|---|---|---|---|");
    for (width, height, plates) in FRAMES {
        let picture = frame(&plate, width, height, plates);
        let frame = Frame::new(picture.as_raw(), width, height, PixelFormat::Rgb)?;
        let options = ReadOptions { search: Search::Quick, ..ReadOptions::default() };
        let mut times = vec![Vec::new(); readers.len()];
        let mut read = vec![0; readers.len()];
        // In turns, since a machine is not as fast all the time; the first time everything is made ready.
        for run in 0..=RUNS {
            for (index, (_, reader)) in readers.iter().enumerate() {
                let begun = Instant::now();
                read[index] = reader.read_blocking(&frame, &options)?.plates.len();
                if run > 0 {
                    times[index].push(1e3 * begun.elapsed().as_secs_f64());
                }
            }
        }
        for (index, (name, _)) in readers.iter().enumerate() {
            times[index].sort_by(f64::total_cmp);
            let (least, median) = (times[index][0], times[index][RUNS / 2]);
            println!("| {width}x{height} | {plates} | {name} | {least:.1} | {median:.1} | {} |", read[index]);
        }
    }
    Ok(())
}

/// A grey wall with plates in rows and columns.
fn frame(plate: &RgbImage, width: u32, height: u32, plates: u32) -> RgbImage {
    let mut frame = RgbImage::from_pixel(width, height, Rgb([110, 112, 116]));
    let columns = f64::from(plates).sqrt().ceil() as u32;
    let rows = plates.div_ceil(columns);
    for index in 0..plates {
        let middle = |at: u32, of: u32, side: u32| i64::from((2 * at + 1) * side / (2 * of));
        let x = middle(index % columns, columns, width) - i64::from(plate.width() / 2);
        let y = middle(index / columns, rows, height) - i64::from(plate.height() / 2);
        imageops::overlay(&mut frame, plate, x, y);
    }
    frame
}
