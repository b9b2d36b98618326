//! Any bytes under any size: refused with a reason, or a picture whose every pixel can be asked for.
#![no_main]

use kr_lpr::frame::{Frame, MAX_SIDE, PixelFormat};
use kr_lpr::geometry::Point;
use kr_lpr::overview::{FIRST_LOOK, Layout, Overview};
use kr_lpr::region::Region;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u32, u8, usize, [f32; 4], &[u8])| {
    let (width, fold, channels, [x, y, w, h], pixels) = input;
    let Some(format) = PixelFormat::from_channels(channels % 5) else { return };
    // Mostly a width that the bytes have rows for.
    let width = if fold < 240 { 1 + width % 64 } else { width };
    let height = (pixels.len() / format.channels()) as u32 / width.max(1);
    let used = height as usize * width as usize * format.channels();
    let frame = match Frame::new(&pixels[..used], width, height, format) {
        Ok(frame) => frame,
        Err(reason) => {
            assert!([width, height].iter().any(|&side| side == 0 || side > MAX_SIDE), "{reason}");
            return;
        }
    };
    assert!((0..height).all(|y| (0..width).all(|x| frame.luma(x, y) <= 255 * 256)));
    assert!(Frame::new(pixels, width, height + 1, format).is_err());

    let Ok(region) = Region::within(&frame, x, y, w, h) else { return };
    for layout in [FIRST_LOOK, Layout::second_look(&region)] {
        let overview = Overview::new(&frame, region, layout);
        let [columns, rows] = layout.size();
        assert_eq!(overview.pixels().len(), columns * rows);
        let there = overview.from_frame(Point::new(x, y));
        assert!(there.x.is_finite() && there.y.is_finite(), "{there:?}");
    }
});
