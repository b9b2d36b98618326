//! One picture of a plate as many: a few hundred of one's own would be learned by heart otherwise.
//!
//! Light touches only. Whoever wants snow and motion blur mixes in rendered plates; here every picture stays what a
//! camera at the same place could have taken a moment later.

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

use kr_lpr_render::synth::raster::{Raster, gaussian};
use kr_lpr_render::synth::rng::Rng;

/// How far each side of the outline may move in or out, as a share of the picture's width or height.
const JITTER: f32 = 0.04;

/// Standard deviation of the rotation, in degrees; never more than 3.5 times that.
const ROTATION: f32 = 0.8;

/// Share of pictures whose pixels stay as they are: the readers of the finished network see nothing else.
const UNTOUCHED: f32 = 0.25;

/// A picture as it might have been taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Augmented {
    /// Where to take the plate's outline to be. What of it lies beyond the picture repeats the picture's edge.
    pub quad: Quad,
    luma: Vec<u8>,
    width: u32,
    height: u32,
}

impl Augmented {
    /// Its pixels, grey: nothing after it looks at colours.
    pub fn frame(&self) -> Frame<'_> {
        match Frame::new(&self.luma, self.width, self.height, PixelFormat::Grey) {
            Ok(frame) => frame,
            Err(_) => unreachable!("it is as large as the frame it was made of"),
        }
    }
}

/// Draws outline, light, sharpness and noise by `seed`. Positions in `frame` stay where they are.
pub fn augmented(frame: &Frame, seed: u64) -> Augmented {
    let mut rng = Rng::new(seed);
    let quad = outline(frame, &mut rng);
    let (width, height) = (frame.width(), frame.height());
    let mut picture = Raster::new(width as usize, height as usize, 1);
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| frame.luma(x, y) as f32 / 65_280.0));
    picture.planes[0] = pixels.collect();
    if !rng.chance(UNTOUCHED) {
        // Pixels of the picture that make one of the plate image: blur and noise are meant as the network sees them.
        let reduction = (width as f32 / PLATE_WIDTH as f32).max(height as f32 / PLATE_HEIGHT as f32);
        light(&mut picture, &mut rng);
        if rng.chance(0.3) {
            let kernel = gaussian((rng.uniform(0.2, 0.6) * reduction).min(3.0));
            picture.convolve(&kernel, &kernel);
        }
        noise(&mut picture, rng.uniform(0.0, 0.02) * reduction.clamp(1.0, 4.0), &mut rng);
    }
    let luma = picture.planes[0].iter().map(|&value| (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8).collect();
    Augmented { quad, luma, width, height }
}

/// The picture's own outline, each side a little in or out, the whole a little turned.
fn outline(frame: &Frame, rng: &mut Rng) -> Quad {
    let (width, height) = (frame.width() as f32, frame.height() as f32);
    let mut side = |at: f32, length: f32| at + rng.uniform(-JITTER, JITTER) * length;
    let (left, right) = (side(0.0, width), side(width, width));
    let (top, bottom) = (side(0.0, height), side(height, height));
    let (sine, cosine) = rng.normal(ROTATION).to_radians().sin_cos();
    let turned = |x: f32, y: f32| {
        let (x, y) = (x - width / 2.0, y - height / 2.0);
        Point::new(width / 2.0 + x * cosine - y * sine, height / 2.0 + x * sine + y * cosine)
    };
    // Only a picture of next to no pixels has no such outline.
    Quad::new([turned(left, top), turned(right, top), turned(right, bottom), turned(left, bottom)])
        .unwrap_or(Quad::of_frame(frame))
}

/// Brightness and contrast, and light that falls off to one side.
///
/// The network's input is normalised, so what is left of brightness and contrast is what clips and what the camera's
/// curve makes of them.
fn light(picture: &mut Raster, rng: &mut Rng) {
    let whole = picture.whole();
    let (width, height) = (picture.width as f32, picture.height as f32);
    let (across, down) = (rng.normal(0.12), rng.normal(0.12));
    picture.shade(whole, |x, y| 1.0 + (x / width - 0.5) * across + (y / height - 0.5) * down);
    let plane = &mut picture.planes[0];
    let mean = plane.iter().sum::<f32>() / plane.len() as f32;
    let (gain, contrast) = (rng.log_uniform(0.75, 1.3), rng.uniform(0.7, 1.2));
    let gamma = rng.log_uniform(0.8, 1.25);
    for value in plane {
        *value = (((*value - mean) * contrast + mean) * gain).clamp(0.0, 1.0).powf(gamma);
    }
}

fn noise(picture: &mut Raster, deviation: f32, rng: &mut Rng) {
    for value in &mut picture.planes[0] {
        *value += rng.normal(deviation);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn pixels() -> Vec<u8> {
        (0..60 * 24).map(|i| if i / 6 % 2 == 0 { 60 } else { 200 }).collect()
    }

    #[test]
    fn a_seed_gives_one_picture_and_another_seed_another() {
        let pixels = pixels();
        let frame = Frame::new(&pixels, 60, 24, PixelFormat::Grey).unwrap();
        for seed in 0..8 {
            assert_eq!(augmented(&frame, seed), augmented(&frame, seed));
            assert_ne!(augmented(&frame, seed), augmented(&frame, seed + 1));
        }
    }

    #[test]
    fn the_outline_stays_near_the_picture() {
        let pixels = pixels();
        let frame = Frame::new(&pixels, 60, 24, PixelFormat::Grey).unwrap();
        let own = Quad::of_frame(&frame).corners();
        let mut largest: f32 = 0.0;
        for seed in 0..400 {
            // Jitter of 2.4 by 1 pixels, and 30 pixels from the centre at up to 2.8 degrees.
            for (corner, own) in augmented(&frame, seed).quad.corners().into_iter().zip(own) {
                let (dx, dy) = ((corner.x - own.x).abs(), (corner.y - own.y).abs());
                assert!(dx < 3.2 && dy < 2.6, "seed {seed}: {dx} {dy}");
                largest = largest.max(dx.max(dy));
            }
        }
        assert!(largest > 1.5, "{largest}");
    }

    #[test]
    fn plates_stay_legible_and_a_quarter_untouched() {
        let pixels = pixels();
        let frame = Frame::new(&pixels, 60, 24, PixelFormat::Grey).unwrap();
        let mut untouched = 0;
        for seed in 0..400 {
            let picture = augmented(&frame, seed);
            let mean = |level: u8| {
                let of_level = pixels.iter().zip(picture.frame().pixels()).filter(|(old, _)| **old == level);
                of_level.map(|(_, &new)| f32::from(new)).sum::<f32>() / 720.0
            };
            assert!(mean(200) - mean(60) > 40.0, "seed {seed}: {} and {}", mean(60), mean(200));
            untouched += usize::from(picture.frame().pixels() == pixels);
        }
        assert!((60..140).contains(&untouched), "{untouched}");
    }

    #[test]
    fn the_smallest_picture_has_an_outline() {
        let frame = Frame::new(&[7], 1, 1, PixelFormat::Grey).unwrap();
        assert_eq!(augmented(&frame, 3).frame().width(), 1);
    }
}
