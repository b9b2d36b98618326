//! Which glyphs the plates of a mix of kinds need.

use anyhow::Result;
use kr_lpr::labels::LabelClass;
use kr_lpr::plate::PlateKind;

use super::KindMix;
use super::layout::{Layout, Script, Shape};
use super::lettering::Lettering;
use super::rng::Rng;

/// Checks that every character of every kind that `mix` has can be drawn.
pub(crate) fn require_glyphs(lettering: &Lettering, mix: &KindMix) -> Result<()> {
    let mut rng = Rng::new(0);
    for (kind, &share) in PlateKind::ALL.into_iter().zip(mix.weights()) {
        if share <= 0.0 {
            continue;
        }
        for format in kind.formats() {
            let layout = Layout::choose(kind, Shape::of_format(format), &mut rng);
            for label in format.letters() {
                let script = if label.class() == LabelClass::Diplomatic { Script::Gothic } else { layout.hangul };
                label.name().chars().try_for_each(|syllable| lettering.require(script, syllable))?;
            }
            for label in format.regions() {
                label.name().chars().try_for_each(|syllable| lettering.require(Script::Gothic, syllable))?;
            }
            ('0'..='9').try_for_each(|digit| lettering.require(layout.digits, digit))?;
        }
    }
    Ok(())
}
