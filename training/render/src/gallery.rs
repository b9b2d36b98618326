//! The pictures that are kept in this repository: those the golden tests read and those the demo page offers.
//!
//! Each was chosen by eye among those of its row that the network reads. They are rendered once and committed, so a
//! renderer that draws differently from then on changes nothing until the verb `gallery` is run again; its pictures then
//! have to be looked at, and read, before they replace the old ones.

use anyhow::{Context, Result, ensure};
use image::RgbImage;
use image::imageops::crop_imm;
use kr_lpr::frame::PixelFormat;
use kr_lpr::plate::{PlateKind, PlateText};

use crate::synth::{Sample, Shot, Synth, SynthSettings};

/// One picture.
#[derive(Clone, Copy, Debug)]
pub struct Exhibit {
    /// Name of its file, without the ending.
    pub name: &'static str,
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub text: &'static str,
    /// Seed of the rendering.
    pub seed: u64,
    /// 0 (clean) to 1.
    pub difficulty: f32,
    /// Width of the plate, pixels.
    pub plate_px: f32,
    /// Most surroundings to keep on each side, as a share of the plate's height.
    pub margin: f32,
}

const fn exhibit(
    name: &'static str,
    kind: PlateKind,
    text: &'static str,
    (seed, difficulty, plate_px, margin): (u64, f32, f32, f32),
) -> Exhibit {
    Exhibit { name, kind, text, seed, difficulty, plate_px, margin }
}

use PlateKind::{
    CommercialDouble, CommercialLong, Construction, ConstructionOld, Corporate, Diplomatic, Ev, GreenNational,
    GreenRegion, Military, Motorcycle, Private8, PrivateFilm, PrivateLarge, PrivateLong, PrivateShort, Temporary,
};

/// What the golden tests read, cropped about as tightly as a detector does: every kind that can be told from luma alone.
/// A corporate plate is a film plate in another colour.
pub const GOLDENS: &[Exhibit] = &[
    exhibit("private-long-tilted", PrivateLong, "52다8147", (272, 0.8, 210.0, 0.1)),
    exhibit("private-long-dark", PrivateLong, "38하2094", (1116, 0.8, 180.0, 0.1)),
    exhibit("private-8-small", Private8, "157너6382", (2008, 0.35, 80.0, 0.1)),
    exhibit("private-8-large", Private8, "284러5019", (21, 0.0, 680.0, 0.2)),
    exhibit("private-film", PrivateFilm, "361고7520", (3100, 0.5, 230.0, 0.1)),
    exhibit("private-film-rental", PrivateFilm, "129호4468", (4047, 0.6, 170.0, 0.1)),
    exhibit("private-short", PrivateShort, "71무3958", (5103, 0.5, 150.0, 0.1)),
    exhibit("private-large", PrivateLarge, "86버2713", (6232, 0.6, 170.0, 0.1)),
    exhibit("ev", Ev, "24소9035", (7131, 0.5, 220.0, 0.1)),
    exhibit("ev-three-digits", Ev, "143주6280", (8055, 0.5, 180.0, 0.1)),
    exhibit("commercial-long", CommercialLong, "서울31사5872", (10089, 0.45, 260.0, 0.1)),
    exhibit("commercial-long-small", CommercialLong, "경기77바1934", (11006, 0.35, 130.0, 0.1)),
    exhibit("commercial-double", CommercialDouble, "부산82아4706", (12058, 0.5, 170.0, 0.1)),
    exhibit("green-national", GreenNational, "45저7281", (13004, 0.5, 160.0, 0.1)),
    exhibit("green-region", GreenRegion, "대구63러2049", (14035, 0.45, 180.0, 0.1)),
    exhibit("green-region-one-digit", GreenRegion, "전남3나5164", (15053, 0.45, 160.0, 0.1)),
    exhibit("military", Military, "16육2331", (40000, 0.45, 130.0, 0.1)),
    exhibit("diplomatic", Diplomatic, "외교017064", (41000, 0.4, 170.0, 0.1)),
    exhibit("temporary", Temporary, "임482915", (42000, 0.4, 120.0, 0.1)),
    exhibit("construction", Construction, "012가4568", (43000, 0.45, 170.0, 0.1)),
    exhibit("construction-old", ConstructionOld, "충남06나5837", (44004, 0.4, 130.0, 0.1)),
    exhibit("motorcycle", Motorcycle, "4나26917", (45000, 0.4, 110.0, 0.1)),
];

/// What the demo page offers, in its order: large, with some of the vehicle around the plate.
pub const SAMPLES: &[Exhibit] = &[
    exhibit("private-film", PrivateFilm, "351누7930", (20003, 0.35, 520.0, 1.0)),
    exhibit("ev", Ev, "36구7158", (21036, 0.35, 520.0, 1.0)),
    exhibit("private-8", Private8, "267마8024", (22006, 0.35, 520.0, 1.0)),
    exhibit("commercial-long", CommercialLong, "인천34바6780", (23011, 0.35, 520.0, 1.0)),
    exhibit("commercial-double", CommercialDouble, "제주79자3150", (24050, 0.35, 430.0, 0.6)),
    exhibit("private-film-tilted", PrivateFilm, "172허3846", (25146, 0.75, 480.0, 0.6)),
    exhibit("private-short", PrivateShort, "64오8317", (26002, 0.35, 430.0, 0.6)),
    exhibit("private-large", PrivateLarge, "80수4925", (27018, 0.35, 430.0, 0.6)),
    exhibit("private-long", PrivateLong, "78더2046", (28006, 0.35, 520.0, 1.0)),
    exhibit("private-long-night", PrivateLong, "29조5083", (29053, 0.85, 520.0, 1.0)),
    exhibit("corporate", Corporate, "418로2735", (30002, 0.35, 520.0, 1.0)),
    exhibit("private-8-blurred", Private8, "205두6493", (31021, 0.9, 480.0, 0.6)),
    exhibit("green-national", GreenNational, "27서8160", (32016, 0.35, 430.0, 0.6)),
    exhibit("green-region", GreenRegion, "충북53너7612", (33047, 0.2, 430.0, 0.6)),
];

/// The renderer of these pictures.
///
/// # Errors
/// When a glyph is missing.
pub fn renderer() -> Result<Synth> {
    Synth::new(SynthSettings { difficulty: 1.0, colour: true, ..SynthSettings::default() })
}

impl Exhibit {
    /// Renders the picture and cuts it to its margin.
    ///
    /// # Errors
    /// When the text does not fit the kind, or `synth` does not render in colour.
    pub fn picture(&self, synth: &Synth) -> Result<RgbImage> {
        let text = PlateText::parse(self.text).with_context(|| format!("text of {}", self.name))?;
        ensure!(text.kinds().any(|kind| kind == self.kind), "{} cannot stand on {}", self.text, self.kind);
        let (seed, kind) = (self.seed, self.kind);
        let shot = Shot { seed, kind, text, difficulty: self.difficulty, plate_px: self.plate_px };
        crop(synth.shoot(&shot), self.margin)
    }
}

/// The part of the picture around the plate, `margin` plate heights on each side or as far as the picture goes.
fn crop(sample: Sample, margin: f32) -> Result<RgbImage> {
    ensure!(sample.format == PixelFormat::Rgb, "the gallery is in colour");
    let air = margin * sample.quad.height();
    let (x0, y0, x1, y1) = sample.quad.bounding_box();
    let (left, top) = ((x0 - air).max(0.0) as u32, (y0 - air).max(0.0) as u32);
    let right = ((x1 + air).ceil() as u32).min(sample.width);
    let bottom = ((y1 + air).ceil() as u32).min(sample.height);
    let picture = RgbImage::from_raw(sample.width, sample.height, sample.pixels).context("a frame has its length")?;
    Ok(crop_imm(&picture, left, top, right - left, bottom - top).to_image())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn galleries_show_their_kinds_under_distinct_names() {
        let rare = [Military, Diplomatic, Temporary, Construction, ConstructionOld, Motorcycle];
        for (exhibits, missing) in [(GOLDENS, &[Corporate][..]), (SAMPLES, &rare)] {
            for kind in PlateKind::ALL {
                let shown = exhibits.iter().any(|exhibit| exhibit.kind == kind);
                assert_eq!(shown, !missing.contains(&kind), "{kind}");
            }
            for (index, exhibit) in exhibits.iter().enumerate() {
                assert!(PlateText::parse(exhibit.text).unwrap().kinds().any(|kind| kind == exhibit.kind));
                assert!(exhibits[..index].iter().all(|other| other.name != exhibit.name), "{} twice", exhibit.name);
            }
        }
    }

    #[test]
    fn a_picture_is_the_same_every_time_and_as_wide_as_asked() {
        let exhibit = Exhibit { plate_px: 120.0, margin: 0.1, ..SAMPLES[0] };
        let [one, other] = [(); 2].map(|()| exhibit.picture(&renderer().unwrap()).unwrap());
        assert_eq!(one, other);
        assert!((120..190).contains(&one.width()), "{}", one.width());
    }
}
