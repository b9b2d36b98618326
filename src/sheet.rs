//! The colour of a plate's sheet, which tells kinds apart that say the same text in the same places: an electric car's
//! plate is blue and a company car's green where a private one is white.
//!
//! The networks see luma alone; this looks at the frame's colours once the plate is found.

use crate::best_first::best_first;
use crate::frame::{Frame, PixelFormat};
use crate::geometry::{Homography, Point, Quad};
use crate::plate::PlateKind;

/// Points looked at, across and down the plate.
const GRID: [usize; 2] = [32, 10];

/// Share of the plate left out at each edge: border, holes and what is around it where the outline is not exact.
const EDGE: f32 = 0.1;

/// Channels that differ by no more than this many of 255 have no colour: a grey picture, whatever its format.
const COLOURLESS: u8 = 4;

/// Mean of the channels, of 255, below which the noise of the dark is all the colour there is.
const DARK: f32 = 24.0;

/// Standard deviation of a sheet's chromaticity, each way: white balance errs, and so do paint, film and sunlight.
const SPREAD: f32 = 0.035;

/// Share of plates whose light has any colour at all, so that a street lamp decides nothing. Plates in daylight are told as well
/// with 0.03; of blue ones whose red and blue were swapped half as many then have a wrong kind above 0.9.
const ANY_COLOUR: f32 = 0.4;

/// Share of plates that haze, glare or a camera made paler: half as colourful as they are.
const PALE: f32 = 0.25;

/// The chromaticity of a sheet: the shares of red and green in the sum of the sRGB channels, each 0 to 1; 1/3 for greys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SheetColour {
    /// Share of red.
    pub red: f32,
    /// Share of green.
    pub green: f32,
}

impl SheetColour {
    /// Of the plate that `outline` shows in `frame`; `None` where the picture has no colours or it is too dark for them.
    pub fn of(frame: &Frame, outline: &Quad) -> Option<SheetColour> {
        if frame.format() == PixelFormat::Grey {
            return None;
        }
        let mut seen = colours(frame, outline);
        let is_grey = |[r, g, b]: &[u8; 3]| r.abs_diff(*g).max(g.abs_diff(*b)).max(b.abs_diff(*r)) <= COLOURLESS;
        if seen.iter().all(is_grey) {
            return None;
        }
        // Characters cover less than half of a plate, so that colours of medium brightness are the sheet's, be it lighter or
        // darker than they are.
        best_first(&mut seen, |colour| -colour.iter().map(|&channel| f32::from(channel)).sum::<f32>());
        let medium = &seen[seen.len() * 2 / 5..seen.len() * 3 / 5];
        let sum = |channel: usize| medium.iter().map(|colour| f32::from(colour[channel])).sum::<f32>();
        let [red, green, blue] = [sum(0), sum(1), sum(2)];
        let all = red + green + blue;
        (all >= 3.0 * DARK * medium.len() as f32).then(|| SheetColour { red: red / all, green: green / all })
    }

    /// Of a colour as sRGB bytes.
    fn nominal([red, green, blue]: [u8; 3]) -> SheetColour {
        let all = f32::from(red) + f32::from(green) + f32::from(blue);
        SheetColour { red: f32::from(red) / all, green: f32::from(green) / all }
    }

    /// The same, half as colourful.
    fn paler(self) -> SheetColour {
        SheetColour { red: (self.red + 1.0 / 3.0) / 2.0, green: (self.green + 1.0 / 3.0) / 2.0 }
    }

    /// Natural logarithm of the density of this chromaticity among plates of `kind`: a mixture of normal distributions
    /// around the colours its sheets have.
    pub fn log_likelihood(&self, kind: PlateKind) -> f32 {
        let sheets = sheets(kind);
        let near = |mean: SheetColour| {
            let (dr, dg) = (self.red - mean.red, self.green - mean.green);
            let square = (dr * dr + dg * dg) / (SPREAD * SPREAD);
            (-0.5 * square).exp() / (2.0 * std::f32::consts::PI * SPREAD * SPREAD)
        };
        let sheet = |&rgb: &[u8; 3]| {
            let mean = SheetColour::nominal(rgb);
            (1.0 - PALE) * near(mean) + PALE * near(mean.paler())
        };
        let known = sheets.iter().map(sheet).sum::<f32>() / sheets.len() as f32;
        // Both shares lie in a triangle of area 1/2.
        ((1.0 - ANY_COLOUR) * known + ANY_COLOUR * 2.0).ln()
    }
}

/// The colours of the frame at the points of a grid on the plate: at least one.
fn colours(frame: &Frame, outline: &Quad) -> Vec<[u8; 3]> {
    let [columns, rows] = GRID;
    // Of a rectangle that is one.
    let Ok(sheet) = Quad::rect(0.0, 0.0, 1.0, 1.0) else { unreachable!("a unit square is a rectangle") };
    let onto = Homography::between(&sheet, outline);
    let [width, height] = [frame.width(), frame.height()];
    let channels = frame.format().channels();
    let along = |index: usize, count: usize| EDGE + (1.0 - 2.0 * EDGE) * (index as f32 + 0.5) / count as f32;
    let points = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let colour = |(column, row): (usize, usize)| {
        let Point { x, y } = onto.map(Point::new(along(column, columns), along(row, rows)));
        let [x, y] = [(x, width), (y, height)].map(|(at, size)| (at.max(0.0) as u32).min(size - 1) as usize);
        let at = (y * width as usize + x) * channels;
        std::array::from_fn(|channel| frame.pixels()[at + channel])
    };
    points.map(colour).collect()
}

/// The colours that sheets of a kind have, sRGB: the notice's values and what photographs show where they differ, as the
/// renderer's.
fn sheets(kind: PlateKind) -> &'static [[u8; 3]] {
    const WHITE: [u8; 3] = [0xec, 0xe9, 0xe4];
    const ORANGE: [[u8; 3]; 2] = [[0xf4, 0x8c, 0x1e], [0xdc, 0x66, 0x1c]];
    const GREEN: [[u8; 3]; 2] = [[0x00, 0x73, 0x37], [0x3c, 0x86, 0x4c]];
    match kind {
        PlateKind::PrivateLong
        | PlateKind::Private8
        | PlateKind::PrivateFilm
        | PlateKind::PrivateShort
        | PlateKind::PrivateLarge
        | PlateKind::Military
        | PlateKind::Temporary
        | PlateKind::Motorcycle => &[WHITE],
        PlateKind::Ev => &[[0xb4, 0xe0, 0xf4], [0x70, 0xac, 0xdc], [0x2b, 0x78, 0xc4]],
        PlateKind::Corporate => &[[0xad, 0xbd, 0x4c]],
        PlateKind::CommercialLong | PlateKind::CommercialDouble => &[[0xfe, 0xbf, 0x00], [0xd8, 0xa4, 0x2c]],
        PlateKind::GreenNational | PlateKind::GreenRegion => &GREEN,
        PlateKind::Diplomatic => &[[0x25, 0x2b, 0x63], [0x1e, 0x44, 0x9a]],
        PlateKind::Construction => &[ORANGE[0], ORANGE[1], WHITE],
        PlateKind::ConstructionOld => &[ORANGE[0], ORANGE[1], GREEN[0], WHITE],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A plate of `sheet` with `ink` on a third of it, in a frame of something else.
    fn picture(sheet: [u8; 3], ink: [u8; 3]) -> Vec<u8> {
        let pixel = |x: usize, y: usize| match (20..180).contains(&x) && (20..60).contains(&y) {
            true if x % 12 < 4 => ink,
            true => sheet,
            false => [200, 30, 30],
        };
        (0..80).flat_map(|y| (0..200).flat_map(move |x| pixel(x, y))).collect()
    }

    fn colour_of(pixels: &[u8]) -> Option<SheetColour> {
        let frame = Frame::new(pixels, 200, 80, PixelFormat::Rgb).unwrap();
        SheetColour::of(&frame, &Quad::rect(20.0, 20.0, 160.0, 40.0).unwrap())
    }

    fn likeliest(colour: SheetColour) -> PlateKind {
        let likelihood = |kind: &PlateKind| colour.log_likelihood(*kind);
        PlateKind::ALL.into_iter().max_by(|a, b| likelihood(a).total_cmp(&likelihood(b))).unwrap()
    }

    #[test]
    fn sheets_are_known_by_their_colour_under_light_and_dark_ink() {
        let (dark, light) = ([0x2b, 0x2d, 0x33], [0xf0, 0xf0, 0xf0]);
        for (sheet, ink, kind) in [
            ([0x8c, 0xc0, 0xe4], dark, PlateKind::Ev),
            ([0xad, 0xbd, 0x4c], dark, PlateKind::Corporate),
            ([0xf0, 0xb4, 0x10], dark, PlateKind::CommercialDouble),
            ([0x1e, 0x7c, 0x42], light, PlateKind::GreenRegion),
            ([0x22, 0x36, 0x7c], light, PlateKind::Diplomatic),
            ([0xe8, 0x78, 0x1c], dark, PlateKind::Construction),
        ] {
            let colour = colour_of(&picture(sheet, ink)).unwrap();
            assert_eq!(likeliest(colour), kind, "{sheet:?}");
            // The same at dusk.
            let dim = picture(sheet.map(|v| v / 2), ink.map(|v| v / 2));
            assert_eq!(likeliest(colour_of(&dim).unwrap()), kind, "{sheet:?}");
        }
        let white = colour_of(&picture([0xf4, 0xec, 0xe0], dark)).unwrap();
        assert!(white.log_likelihood(PlateKind::PrivateFilm) > white.log_likelihood(PlateKind::Ev) + 2.0);
        assert!(white.log_likelihood(PlateKind::PrivateFilm) > white.log_likelihood(PlateKind::Corporate) + 2.0);
    }

    #[test]
    fn where_there_is_no_colour_nothing_is_said_of_it() {
        let grey = |v: u8| [v, v + 2, v];
        assert_eq!(colour_of(&picture(grey(200), grey(40))), None);
        assert_eq!(colour_of(&picture([14, 30, 20], [2, 4, 2])), None);
        let pixels = vec![100; 200 * 80];
        let frame = Frame::new(&pixels, 200, 80, PixelFormat::Grey).unwrap();
        assert_eq!(SheetColour::of(&frame, &Quad::of_frame(&frame)), None);
    }

    #[test]
    fn a_blue_sheet_in_tinted_light_is_not_surely_a_white_one() {
        let white_rather_than_blue =
            |colour: SheetColour| colour.log_likelihood(PlateKind::PrivateFilm) - colour.log_likelihood(PlateKind::Ev);
        let sheet = [0x8c, 0xc0, 0xe4];
        let [red, green, blue] = sheet;
        let sodium = [red, green / 10 * 7, blue / 3];
        // As natural logarithms: a network that is sure says 4 and more.
        for (light, at_most) in [(sheet, -2.0), ([blue, green, red], 2.7), (sodium, 2.2)] {
            let found = white_rather_than_blue(SheetColour::nominal(light));
            assert!(found < at_most, "{light:?}: {found}");
        }
    }

    #[test]
    fn no_light_decides_alone() {
        // A monochromatic lamp: the likelihoods of any two kinds differ by less than what a network that is sure says.
        let lamp = SheetColour { red: 0.9, green: 0.1 };
        for kind in PlateKind::ALL {
            let likelihood = lamp.log_likelihood(kind);
            assert!((lamp.log_likelihood(PlateKind::PrivateLong) - likelihood).abs() < 0.1, "{kind:?}: {likelihood}");
        }
    }

    #[test]
    fn outlines_beyond_the_frame_do_no_harm() {
        let pixels = picture([200, 180, 20], [10, 10, 10]);
        let frame = Frame::new(&pixels, 200, 80, PixelFormat::Rgb).unwrap();
        let outline = Quad::new(
            [(-900.0, -50.0), (900.0, -80.0), (950.0, 700.0), (-910.0, 600.0)].map(|(x, y)| Point::new(x, y)),
        );
        assert!(SheetColour::of(&frame, &outline.unwrap()).is_some());
    }
}
