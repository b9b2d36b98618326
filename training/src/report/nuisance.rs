//! What makes plates hard to read, one thing at a time.

use kr_lpr::geometry::Quad;

use kr_lpr_render::synth::{Conditions, Sample};

/// Width of the plates whose width is not the nuisance, pixels.
pub const PLATE_PX: f32 = 160.0;

/// Room around the plates that are cropped on purpose: more than the loosest crop needs.
const SURROUNDINGS: f32 = 0.35;

/// A nuisance and the values it is given.
pub struct Nuisance {
    /// One word, also the key in the JSON file.
    pub name: &'static str,
    /// What the values are, with their unit.
    pub axis: &'static str,
    /// What a reader of the plot should know.
    pub note: &'static str,
    /// The values, rising.
    pub values: &'static [f32],
    /// Whether the values are better seen on a logarithmic axis.
    pub logarithmic: bool,
    /// How the plates are outlined: a curve each.
    pub handings: &'static [Handing],
    /// Sets the value. Half of the plates have side -1, the others 1, for what may go either way.
    set: fn(&mut Conditions, value: f32, side: f32),
}

/// How a plate is handed to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handing {
    /// By its true corners.
    Corners,
    /// By the upright rectangle around them, as a crop is.
    Upright,
    /// By that rectangle with the nuisance's value as margin on every side, percent of the rectangle's side.
    Margin,
}

impl Handing {
    /// What a legend says.
    pub fn name(self) -> &'static str {
        match self {
            Handing::Corners => "true corners",
            Handing::Upright => "upright crop",
            Handing::Margin => "upright crop with margin",
        }
    }

    /// The outline that is handed over.
    pub fn quad(self, sample: &Sample, value: f32) -> Quad {
        let margin = match self {
            Handing::Corners => return sample.quad,
            Handing::Upright => 0.0,
            Handing::Margin => value / 100.0,
        };
        let (x0, y0, x1, y1) = sample.quad.bounding_box();
        let (width, height) = (x1 - x0, y1 - y0);
        let (left, top) = (x0 - margin * width, y0 - margin * height);
        let grown = 1.0 + 2.0 * margin;
        Quad::rect(left, top, grown * width, grown * height).unwrap_or(sample.quad)
    }
}

impl Nuisance {
    /// The conditions of a picture with `value` of the nuisance; `number` says which plate of the set it is.
    pub fn conditions(&self, value: f32, number: u64) -> Conditions {
        let mut conditions = Conditions::of_width(PLATE_PX);
        (self.set)(&mut conditions, value, if number.is_multiple_of(2) { 1.0 } else { -1.0 });
        conditions
    }
}

const CORNERS: &[Handing] = &[Handing::Corners];
const BOTH: &[Handing] = &[Handing::Corners, Handing::Upright];

/// All of them.
pub const NUISANCES: &[Nuisance] = &[
    Nuisance {
        name: "margin",
        axis: "margin of the crop, % of its sides",
        note: "An upright crop with the same margin on all sides; below 0 it cuts into the plate.",
        values: &[-5.0, -2.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0],
        logarithmic: false,
        handings: &[Handing::Margin],
        set: |conditions, _, _| conditions.surroundings = Some(SURROUNDINGS),
    },
    Nuisance {
        name: "yaw",
        axis: "yaw, degrees",
        note: "Half of the plates are turned to the left, half to the right, and stay as wide in pixels.",
        values: &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
        logarithmic: false,
        handings: BOTH,
        set: |conditions, value, side| conditions.yaw = Some(side * value),
    },
    Nuisance {
        name: "pitch",
        axis: "pitch, degrees",
        note: "Above 0 the camera looks down on the plate.",
        values: &[-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 40.0],
        logarithmic: false,
        handings: BOTH,
        set: |conditions, value, _| conditions.pitch = Some(value),
    },
    Nuisance {
        name: "roll",
        axis: "roll, degrees",
        note: "Half of the pictures are turned clockwise, half the other way.",
        values: &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0],
        logarithmic: false,
        handings: BOTH,
        set: |conditions, value, side| conditions.roll = Some(side * value),
    },
    Nuisance {
        name: "proportions",
        axis: "height over what it should be",
        note: "The whole picture is squeezed or stretched; training has seen 0.75 to 1.7.",
        values: &[0.5, 0.6, 0.75, 1.0, 1.3, 1.7, 2.0, 2.4],
        logarithmic: true,
        handings: &[Handing::Upright],
        set: |conditions, value, _| conditions.stretch = Some(value),
    },
    Nuisance {
        name: "width",
        axis: "width of the plate, pixels",
        note: "Of the plate, not of its characters: the digits of a long plate of 60 pixels are 6 pixels wide.",
        values: &[30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 140.0, 200.0, 300.0],
        logarithmic: true,
        handings: CORNERS,
        set: |conditions, value, _| conditions.plate_px = Some(value),
    },
    Nuisance {
        name: "blur",
        axis: "standard deviation of the blur, pixels",
        note: "The strokes of a long plate are 2.8 pixels thick at this width.",
        values: &[0.3, 0.6, 1.0, 1.4, 1.8, 2.2, 2.6, 3.0, 4.0],
        logarithmic: false,
        handings: CORNERS,
        set: |conditions, value, _| conditions.blur = Some(value),
    },
    Nuisance {
        name: "noise",
        axis: "noise on white, % of the range",
        note: "The standard deviation at each pixel, before the camera sharpens, scales up and compresses.",
        values: &[0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0, 25.0],
        logarithmic: false,
        handings: CORNERS,
        set: |conditions, value, _| conditions.noise = Some(value / 100.0),
    },
    Nuisance {
        name: "exposure",
        axis: "exposure, stops",
        note: "At 0 sheet or ink, whichever is brighter, is at 80 % of the range. The noise stays as it is.",
        values: &[-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0],
        logarithmic: false,
        handings: CORNERS,
        set: |conditions, value, _| conditions.exposure = Some(value),
    },
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::plate::PlateKind;
    use kr_lpr_render::synth::{KindMix, Synth, SynthSettings};

    #[test]
    fn values_rise_and_names_differ() {
        for (index, nuisance) in NUISANCES.iter().enumerate() {
            assert!(nuisance.values.windows(2).all(|pair| pair[0] < pair[1]), "{}", nuisance.name);
            assert!(!nuisance.logarithmic || nuisance.values[0] > 0.0, "{}", nuisance.name);
            assert!(NUISANCES[..index].iter().all(|other| other.name != nuisance.name), "{}", nuisance.name);
            let set = nuisance.conditions(nuisance.values[0], 1);
            assert_ne!(set, Conditions::of_width(PLATE_PX), "{} sets nothing", nuisance.name);
        }
    }

    #[test]
    fn margins_grow_the_crop_on_every_side() {
        let settings = SynthSettings { kinds: KindMix::only(PlateKind::Ev), ..SynthSettings::default() };
        let margin = &NUISANCES[0];
        let sample = Synth::new(settings).unwrap().sample_under(3, PlateKind::Ev, 0.3, &margin.conditions(5.0, 0));
        let (x0, y0, x1, y1) = sample.quad.bounding_box();
        for value in [-5.0, 0.0, 30.0] {
            let (left, top, right, bottom) = Handing::Margin.quad(&sample, value).bounding_box();
            let (across, down) = ((x1 - x0) * value / 100.0, (y1 - y0) * value / 100.0);
            for (side, expected) in [(left, x0 - across), (top, y0 - down), (right, x1 + across), (bottom, y1 + down)] {
                assert!((side - expected).abs() < 0.01, "{value} %: {side}, not {expected}");
            }
            assert!(left >= 0.0 && top >= 0.0 && right <= sample.width as f32 && bottom <= sample.height as f32);
        }
        assert_eq!(Handing::Corners.quad(&sample, 30.0), sample.quad);
    }
}
