//! Which text stands on a plate: balanced over letters and regions, so that the rare ones are learnt as well.

use kr_lpr::labels::Label;
use kr_lpr::plate::{Format, PlateKind, PlateText};

use super::kinds::KindMix;
use super::rng::Rng;

/// A kind of the mix and a text that was issued on it.
pub(crate) fn draw_of(rng: &mut Rng, kinds: &KindMix) -> (PlateKind, PlateText) {
    let kind = PlateKind::ALL[rng.weighted(kinds.weights())];
    (kind, draw(rng, kind))
}

/// A text that was issued on `kind`.
///
/// Letters, regions and class codes are uniform; of the serials of four digits nine in ten are at least 1000 (older ones began there),
/// one in a hundred is below 100.
fn draw(rng: &mut Rng, kind: PlateKind) -> PlateText {
    let letters: Vec<Label> = kind.letters().collect();
    let letter = rng.pick(&letters);
    let formats: Vec<&Format> = kind.formats().iter().filter(|format| format.letters().any(|l| l == letter)).collect();
    let shares: Vec<f32> = formats.iter().map(|format| share(kind, format)).collect();
    let format = formats[rng.weighted(&shares)];
    let regions: Vec<Label> = format.regions().collect();
    let region = if regions.is_empty() { "" } else { rng.pick(&regions).name() };
    let codes = format.class_codes();
    let code = codes.start() + rng.index(usize::from(codes.end() - codes.start()) + 1) as u16;
    let digits = format.class_digits();
    let serial = match format.serial_digits() {
        4 => match rng.weighted(&[0.90, 0.09, 0.01]) {
            0 => 1000 + rng.index(9000),
            1 => 100 + rng.index(900),
            _ => 1 + rng.index(99),
        },
        _ => {
            let (first, last) = format.serials().into_inner();
            first as usize + rng.index((last - first) as usize + 1)
        }
    };
    let code = if digits == 0 { String::new() } else { format!("{code:0digits$}") };
    let text = format!("{region}{code}{}{serial:0width$}", letter.name(), width = format.serial_digits());
    PlateText::parse(&text).expect("a text put together from a format of the grammar parses")
}

/// How often a format occurs among those that have the letter.
fn share(kind: PlateKind, format: &Format) -> f32 {
    match (kind, format.class_digits()) {
        // Three digits are the exception on electric vehicles, and 1973's one-digit plates are all but extinct.
        (PlateKind::Ev, 3) => 0.2,
        (PlateKind::Ev, _) => 0.8,
        (PlateKind::GreenRegion, 1) => 0.15,
        _ => 1.0,
    }
}
