//! How far a run has come, measured on plates that it is never trained on.

use burn::tensor::Device;
use kr_lpr::model::Recognizer;
use kr_lpr::plate::PlateKind;

use crate::dataset::{Dataset, OwnPlates};
use crate::evaluation::greedy::{claims, score};
use crate::evaluation::score::{Claims, Score};
use crate::loader::{hidden_examples, validation_examples};
use crate::plates::example::Example;
use crate::recipe::Recipe;

/// The plates a run is validated on, the same ones every time.
pub struct Validation {
    rendered: Option<Vec<Example>>,
    hidden: Vec<Example>,
    own: Option<Vec<Example>>,
}

/// How a network reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validated {
    /// Rendered plates, whole.
    pub rendered: Option<Score>,
    /// Rendered plates of which something may hide a part, where the recipe has such.
    pub hidden: Option<Claims>,
    /// Pictures of `val/` of one's own dataset.
    pub own: Option<Score>,
}

impl Validation {
    /// Rendered plates and `val/` of `data`. Rendered plates are left out where nothing rendered is trained on, unless
    /// there would be no others.
    ///
    /// # Errors
    /// When the recipe cannot be rendered or a picture cannot be read.
    pub fn new(recipe: &Recipe, data: Option<&OwnPlates>) -> anyhow::Result<Validation> {
        let own = data.and_then(|data| data.val.as_ref());
        let own = own.map(|val| chosen(val, recipe.validation.plates)).transpose()?;
        let renders = own.is_none() || recipe.plates()?.data_fraction < 1.0;
        let hidden = if renders { hidden_examples(recipe)? } else { Vec::new() };
        Ok(Validation { rendered: renders.then(|| validation_examples(recipe)).transpose()?, hidden, own })
    }

    /// Reads them all.
    ///
    /// # Errors
    /// When the network gives something that is not a number.
    pub fn of(&self, recognizer: &Recognizer, device: &Device) -> anyhow::Result<Validated> {
        let read = |examples: &Option<Vec<Example>>| {
            examples.as_ref().map(|examples| score(recognizer, examples, device)).transpose()
        };
        let hidden = if self.hidden.is_empty() { None } else { Some(claims(recognizer, &self.hidden, device)?) };
        Ok(Validated { rendered: read(&self.rendered)?, hidden, own: read(&self.own)? })
    }
}

/// At most `limit` pictures, evenly spread over the dataset: they are kept in memory.
fn chosen(val: &Dataset, limit: usize) -> anyhow::Result<Vec<Example>> {
    let count = val.entries.len();
    let limit = limit.clamp(1, count);
    (0..limit).map(|index| val.entries[index * count / limit].example()).collect()
}

impl Validated {
    /// Each score with the name of its plates.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Score)> {
        let named = [("rendered plates", &self.rendered), ("pictures of val/", &self.own)];
        named.into_iter().filter_map(|(name, score)| Some((name, score.as_ref()?)))
    }

    /// One line: what is right and how many characters are wrong.
    pub fn line(&self) -> String {
        let one = |(name, score): (&str, &Score)| {
            format!(
                "{:.2} % of {} {name} right, character error rate {:.3} %",
                100.0 * score.total().accuracy().unwrap_or(0.0),
                score.total().seen,
                100.0 * score.character_error_rate()
            )
        };
        let hidden = self.hidden.as_ref().map(|hidden| format!("of partly hidden plates {}", hidden.line()));
        self.named().map(one).chain(hidden).collect::<Vec<_>>().join("; ")
    }

    /// The columns of [`scores`](Self::scores): `val_` is of rendered plates, `hidden_` of those of which something may hide a
    /// part, `own_` of `val/` of the dataset given.
    pub fn columns() -> Vec<String> {
        let kinds = PlateKind::ALL.iter().map(|kind| format!("val_{}", kind.name()));
        let of = |prefix: &str| [format!("{prefix}_accuracy"), format!("{prefix}_character_error_rate")];
        let hidden = ["hidden_accuracy", "hidden_claimed"].map(str::to_owned);
        of("val").into_iter().chain(kinds).chain(of("own")).chain(hidden).collect()
    }

    /// Its numbers, where there are any.
    pub fn scores(&self) -> Vec<Option<f64>> {
        let of = |score: &Option<Score>| {
            let score = score.as_ref();
            [score.and_then(|score| score.total().accuracy()), score.map(Score::character_error_rate)]
        };
        let of_kind = |kind| self.rendered.as_ref().and_then(|score| score.of_kind(Some(kind)).accuracy());
        let hidden = self.hidden.as_ref();
        let hidden = [hidden.and_then(|claims| claims.all.accuracy()), hidden.and_then(Claims::claimed)];
        of(&self.rendered).into_iter().chain(PlateKind::ALL.map(of_kind)).chain(of(&self.own)).chain(hidden).collect()
    }

    /// A table of each, under the name of its plates.
    pub fn tables(&self) -> String {
        let hidden = self.hidden.as_ref().map(|hidden| format!("partly hidden plates\n{}\n", hidden.line()));
        self.named().map(|(name, score)| format!("{name}\n{}", score.table())).chain(hidden).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::dataset::{Split, names_file};
    use crate::recipe::Plates;
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr::labels::Label;
    use kr_lpr_render::picture::write_png;

    fn own(folder: &std::path::Path) -> OwnPlates {
        std::fs::write(folder.join("labels.names"), names_file()).unwrap();
        for split in [Split::Train, Split::Val] {
            std::fs::create_dir(folder.join(split.name())).unwrap();
            for index in 0..5u8 {
                let path = folder.join(split.name()).join(format!("12가345{index}_{index}.png"));
                write_png(&path, &Frame::new(&[index; 8], 4, 2, PixelFormat::Grey).unwrap()).unwrap();
            }
        }
        OwnPlates::open(folder).unwrap()
    }

    #[test]
    fn what_is_trained_on_is_validated_on() {
        let folder = tempfile::tempdir().unwrap();
        let both = own(folder.path());
        let train_only = OwnPlates { val: None, ..both.clone() };
        let mut recipe = Recipe::default();
        recipe.validation.plates = 3;
        for (fraction, data, rendered, own) in [
            (0.5, None, Some(3), None),
            (0.5, Some(&both), Some(3), Some(3)),
            (1.0, Some(&both), None, Some(3)),
            (1.0, Some(&train_only), Some(3), None),
        ] {
            let recipe = recipe.clone().with_plates(Plates { data_fraction: fraction, ..Plates::default() });
            let validation = Validation::new(&recipe, data).unwrap();
            let count = |examples: &Option<Vec<Example>>| examples.as_ref().map(Vec::len);
            assert_eq!((count(&validation.rendered), count(&validation.own)), (rendered, own), "{fraction}");
        }
        let texts: Vec<String> = chosen(both.val.as_ref().unwrap(), 3).unwrap().iter().map(Example::text).collect();
        assert_eq!(texts, ["12가3450", "12가3451", "12가3453"]);
    }

    #[test]
    fn scores_are_named() {
        let mut score = Score::default();
        score.add(&[], &[], None);
        let validated = Validated { rendered: Some(score.clone()), hidden: None, own: Some(score) };
        assert_eq!(
            validated.line(),
            "100.00 % of 1 rendered plates right, character error rate 0.000 %; \
             100.00 % of 1 pictures of val/ right, character error rate 0.000 %"
        );
        assert_eq!(validated.scores().len(), Validated::columns().len());
        assert!(Validated { own: None, ..validated.clone() }.tables().starts_with("rendered plates\n"));
        let mut claims = Claims::default();
        let [one, unknown] = ["1", "?"].map(|name| Label::from_name(name).unwrap());
        claims.add(&[one, unknown], &[one, one]);
        claims.add(&[one, unknown], &[one, unknown]);
        claims.add(&[one, one], &[one, one]);
        let validated = Validated { hidden: Some(claims), ..validated };
        let scores = validated.scores();
        assert_eq!(scores[scores.len() - 2..], [Some(2.0 / 3.0), Some(0.5)]);
        assert!(
            validated.line().ends_with(
                "of partly hidden plates 66.67 % of 3 right, whole texts claimed of 50.00 % of 2 that show none"
            ),
            "{}",
            validated.line()
        );
    }
}
