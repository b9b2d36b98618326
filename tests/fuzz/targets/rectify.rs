//! Any outline over any picture: refused with a reason, or straightened into bytes that a plate image has.
#![no_main]

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage, rectify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, usize, i8, [i16; 8], &[u8])| {
    let (width, height, format, exponent, corners, pixels) = input;
    let format = [PixelFormat::Grey, PixelFormat::Rgb, PixelFormat::Rgba][format % 3];
    let (width, height) = (1 + u32::from(width), 1 + u32::from(height));
    let bytes = width as usize * height as usize * format.channels();
    // A picture of few bytes is as good as one of many: they repeat.
    let pixels: Vec<u8> = pixels.iter().chain(&[0]).copied().cycle().take(bytes).collect();
    let frame = Frame::new(&pixels, width, height, format).expect("made to fit");

    // From a hundredth of a pixel to far outside of any frame.
    let unit = f32::from(exponent % 24).exp2() / 128.0;
    let corner = |at: usize| Point::new(unit * f32::from(corners[2 * at]), unit * f32::from(corners[2 * at + 1]));
    let Ok(quad) = Quad::new([corner(0), corner(1), corner(2), corner(3)]) else { return };
    check(&rectify(&frame, &quad), &pixels);
});

fn check(plate: &PlateImage, pixels: &[u8]) {
    assert_eq!(plate.pixels().len(), PLATE_WIDTH * PLATE_HEIGHT);
    assert!((0.0..=255.0).contains(&plate.sharpness()));
    // An average is neither darker nor lighter than everything that it is of.
    let [darkest, lightest] = [pixels.iter().min(), pixels.iter().max()].map(Option::unwrap);
    assert!(plate.pixels().iter().all(|luma| (darkest..=lightest).contains(&luma)));
    let middle = Point::new(PLATE_WIDTH as f32 / 2.0, PLATE_HEIGHT as f32 / 2.0);
    let there = plate.to_frame(middle);
    let back = plate.to_plate(there);
    assert!([there.x, there.y, back.x, back.y].iter().all(|value| value.is_finite()), "{there:?} {back:?}");
}
