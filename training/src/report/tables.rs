//! What was read right of what: by kind, by character, and which was taken for which.

use std::collections::BTreeMap;

use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;
use serde::Serialize;

use super::edits::{group, label_edits};
use super::interval::Share;
use crate::evaluation::rendered::PlateRead;

/// Pairs in the list of confusions.
const CONFUSIONS: usize = 30;

/// The tables of a set of readings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tables {
    /// All plates together; its name is `all`.
    pub all: KindRow,
    /// One row a kind.
    pub kinds: Vec<KindRow>,
    /// One row a character of the alphabet.
    pub characters: Vec<CharacterRow>,
    /// The most frequent confusions, at most thirty.
    pub confusions: Vec<Confusion>,
    /// Plates by true kind (row) and read kind (column), in the order of `kinds`.
    pub kind_confusion: Vec<Vec<u64>>,
}

/// Plates of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KindRow {
    /// Name of the kind.
    pub kind: &'static str,
    /// Plates whose whole text is right.
    pub plates: Share,
    /// Characters that are right.
    pub characters: Share,
    /// Insertions, deletions and substitutions a character of the truth.
    pub character_error_rate: Option<f64>,
    /// Plates whose kind is right.
    pub kind_right: Share,
    /// Mean confidence of the whole texts.
    pub mean_confidence: Option<f64>,
    /// Mean intersection over union of the characters' outlines and of their ink, of plates that are right and whose layout
    /// is known.
    pub characters_iou: Option<f64>,
}

/// One character wherever it stands on a plate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CharacterRow {
    /// The character; a region is one.
    pub character: &'static str,
    /// `letter`, `region` or `digit`.
    pub group: &'static str,
    /// Those read as what they are.
    pub share: Share,
    /// What it is most often taken for.
    pub taken_for: Option<Confusion>,
}

/// One character taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// What is there; `None` where a character was read that is not there.
    pub truth: Option<&'static str>,
    /// What was read; `None` where the character was left out.
    pub read: Option<&'static str>,
    /// How often.
    pub count: u64,
    /// How often what is there is there; 0 where nothing is.
    pub of: u64,
}

impl Tables {
    /// Counts `readings`.
    pub fn of(readings: &[PlateRead]) -> Tables {
        let pairs: Vec<_> = readings.iter().flat_map(|one| label_edits(&one.truth, &one.read)).collect();
        let confusions = confusions(&pairs);
        let mut matrix = vec![vec![0; PlateKind::ALL.len()]; PlateKind::ALL.len()];
        for one in readings {
            matrix[one.kind.index()][one.kind_read.index()] += 1;
        }
        let kind_row = |kind: PlateKind| {
            let of_kind: Vec<&PlateRead> = readings.iter().filter(|one| one.kind == kind).collect();
            row(kind.name(), &of_kind)
        };
        Tables {
            all: row("all", &readings.iter().collect::<Vec<_>>()),
            kinds: PlateKind::ALL.map(kind_row).to_vec(),
            characters: Label::all().map(|label| character_row(label, &pairs, &confusions)).collect(),
            confusions: confusions.into_iter().take(CONFUSIONS).collect(),
            kind_confusion: matrix,
        }
    }
}

fn row(kind: &'static str, readings: &[&PlateRead]) -> KindRow {
    let pairs: Vec<_> = readings.iter().flat_map(|one| label_edits(&one.truth, &one.read)).collect();
    let characters = Share::among(pairs.iter().filter(|(truth, _)| truth.is_some()).map(|(truth, read)| truth == read));
    let edits = pairs.iter().filter(|(truth, read)| truth != read).count() as f64;
    let overlaps: Vec<f64> = readings.iter().filter_map(|one| one.characters_iou).collect();
    let confidences: f64 = readings.iter().map(|one| f64::from(one.confidence)).sum();
    KindRow {
        kind,
        plates: Share::among(readings.iter().map(|one| one.is_right())),
        characters,
        character_error_rate: (characters.seen > 0).then(|| edits / characters.seen as f64),
        kind_right: Share::among(readings.iter().map(|one| one.kind == one.kind_read)),
        mean_confidence: (!readings.is_empty()).then(|| confidences / readings.len() as f64),
        characters_iou: (!overlaps.is_empty()).then(|| overlaps.iter().sum::<f64>() / overlaps.len() as f64),
    }
}

fn character_row(label: Label, pairs: &[(Option<Label>, Option<Label>)], confusions: &[Confusion]) -> CharacterRow {
    let here = pairs.iter().filter(|(truth, _)| *truth == Some(label));
    CharacterRow {
        character: label.name(),
        group: group(label),
        share: Share::among(here.map(|(truth, read)| truth == read)),
        taken_for: confusions.iter().find(|confusion| confusion.truth == Some(label.name())).cloned(),
    }
}

/// The pairs that differ, the most frequent first, in alphabetical order among equals.
fn confusions(pairs: &[(Option<Label>, Option<Label>)]) -> Vec<Confusion> {
    let (mut counts, mut there) = (BTreeMap::new(), BTreeMap::new());
    for &(truth, read) in pairs {
        *there.entry(truth).or_insert(0) += u64::from(truth.is_some());
        if truth != read {
            *counts.entry((truth, read)).or_insert(0) += 1;
        }
    }
    let name = |label: Option<Label>| label.map(Label::name);
    let confusion = |((truth, read), count)| {
        let of = there.get(&truth).copied().unwrap_or(0);
        Confusion { truth: name(truth), read: name(read), count, of }
    };
    let mut confusions: Vec<Confusion> = counts.into_iter().map(confusion).collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    confusions
}

#[cfg(test)]
pub(super) mod testing {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A reading of a kind's plate; characters stand apart by spaces.
    pub fn reading(kind: PlateKind, truth: &str, read: &str, confidence: f32) -> PlateRead {
        let labels = |text: &str| text.split_whitespace().map(|name| Label::from_name(name).unwrap()).collect();
        PlateRead {
            kind,
            truth: labels(truth),
            read: labels(read),
            kind_read: kind,
            confidence,
            char_confidences: read.split_whitespace().map(|_| confidence).collect(),
            log_prob: confidence.ln(),
            passes: 1,
            corner_error: 0.0,
            characters_iou: None,
            picture: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::testing::reading;
    use super::*;

    #[test]
    fn tables_by_hand() {
        let readings = [
            reading(PlateKind::Ev, "1 2 가 3", "1 2 가 3", 0.9),
            reading(PlateKind::Ev, "1 2 가 3", "1 2 나 3", 0.5),
            reading(PlateKind::Ev, "1 2 가 3", "1 2 나", 0.1),
            PlateRead { kind_read: PlateKind::Ev, ..reading(PlateKind::GreenRegion, "서울 1", "서울 1 1", 0.2) },
        ];
        let tables = Tables::of(&readings);
        assert_eq!((tables.all.plates.right, tables.all.plates.seen), (1, 4));
        assert_eq!((tables.all.kind_right.right, tables.all.kind_right.seen), (3, 4));
        assert!((tables.all.character_error_rate.unwrap() - 4.0 / 14.0).abs() < 1e-9);

        let ev = &tables.kinds[PlateKind::Ev.index()];
        assert_eq!((ev.plates.right, ev.characters.right, ev.characters.seen), (1, 9, 12));
        assert!((ev.mean_confidence.unwrap() - 0.5).abs() < 1e-6);
        assert_eq!(ev.character_error_rate, Some(3.0 / 12.0));
        assert_eq!(tables.kinds[0].mean_confidence, None);
        assert_eq!(tables.kind_confusion[PlateKind::GreenRegion.index()][PlateKind::Ev.index()], 1);
        assert_eq!(tables.kind_confusion.iter().flatten().sum::<u64>(), 4);

        let row = |name: &str| tables.characters.iter().find(|row| row.character == name).unwrap();
        let taken = Confusion { truth: Some("가"), read: Some("나"), count: 2, of: 3 };
        assert_eq!((row("가").share.right, row("가").share.seen, row("가").group), (1, 3, "letter"));
        assert_eq!(row("가").taken_for, Some(taken.clone()));
        assert_eq!((row("3").share.right, row("3").share.seen, row("3").group), (2, 3, "digit"));
        assert_eq!(row("서울").group, "region");
        assert_eq!(row("나").share.share, None, "never on a plate, so neither right nor wrong");

        assert_eq!(tables.confusions.len(), 3);
        assert_eq!(tables.confusions[0], taken);
        assert!(tables.confusions.contains(&Confusion { truth: None, read: Some("1"), count: 1, of: 0 }));
        assert!(tables.confusions.contains(&Confusion { truth: Some("3"), read: None, count: 1, of: 3 }));
    }

    #[test]
    fn of_nothing_there_are_no_shares() {
        let tables = Tables::of(&[]);
        assert_eq!((tables.all.plates.share, tables.all.character_error_rate), (None, None));
        assert_eq!(tables.characters.len(), Label::all().count());
    }
}
