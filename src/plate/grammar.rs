//! The grammar as an automaton over labels, for decoding one label at a time.

use super::{Format, PlateKind, digit_value};
use crate::labels::{Label, LabelClass};

/// Most formats of a kind.
const FORMATS: usize = 4;

/// Where in the grammar a sequence of labels has arrived. Made from the formats of all kinds: it accepts exactly the
/// labels of every [`PlateText`](super::PlateText).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GrammarState {
    /// The formats the labels so far can still become: bit `kind * FORMATS + index`.
    live: u128,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Start,
    /// After a region.
    Region,
    /// After 1 to 3 digits of the class code, `code` being their value.
    Class {
        code: u16,
        digits: u8,
    },
    /// After the use letter, or the word or 임 in its place, and this many serial digits.
    Serial {
        digits: u8,
    },
}

impl GrammarState {
    /// Before the first label.
    pub fn start() -> GrammarState {
        let mut live = 0;
        for kind in PlateKind::ALL {
            for index in 0..kind.formats().len() {
                live |= 1 << (kind.index() * FORMATS + index);
            }
        }
        GrammarState { live, stage: Stage::Start }
    }

    /// Where `label` leads, or `None` if no text goes on with it. The blank never leads anywhere.
    pub fn next(self, label: Label) -> Option<GrammarState> {
        let class = label.class();
        match self.stage {
            Stage::Start if class == LabelClass::Region => {
                self.keep(Stage::Region, |format| format.admits_region(Some(label)))
            }
            Stage::Start if class == LabelClass::Digit => {
                self.keep(self.stage, |format| format.admits_region(None))?.next_class_digit(label, 0, 0)
            }
            Stage::Start => self.keep(Stage::Serial { digits: 0 }, |format| {
                format.admits_region(None) && format.admits_class(0, 0) && format.admits_letter(label)
            }),
            Stage::Region => self.next_class_digit(label, 0, 0),
            Stage::Class { code, digits } if class == LabelClass::Digit => self.next_class_digit(label, code, digits),
            Stage::Class { code, digits } => self.keep(Stage::Serial { digits: 0 }, |format| {
                format.admits_letter(label) && format.admits_class(code, digits)
            }),
            Stage::Serial { digits } => {
                let value = digit_value(label)?;
                self.keep(Stage::Serial { digits: digits + 1 }, |format| format.admits_serial_digit(digits, value))
            }
        }
    }

    /// Whether the labels so far are a whole text. Of all texts, only 임 and four digits may go on.
    pub fn is_complete(self) -> bool {
        self.labels_to_complete() == 0
    }

    /// Fewest labels that complete the text, 0 if it is complete.
    pub fn labels_to_complete(self) -> usize {
        let fewest =
            |left: fn(&Format) -> usize, had: u8| self.formats().map(left).min().unwrap_or(0) - usize::from(had);
        match self.stage {
            Stage::Start => fewest(Format::characters, 0),
            Stage::Region => fewest(Format::characters, 1),
            Stage::Class { digits, .. } => {
                fewest(|format| format.characters() - usize::from(format.has_region()), digits)
            }
            Stage::Serial { digits } => fewest(Format::serial_digits, digits),
        }
    }

    /// The kinds that a text beginning with the labels so far can be on.
    pub fn kinds(self) -> impl Iterator<Item = PlateKind> {
        PlateKind::ALL.into_iter().filter(move |kind| self.live >> (kind.index() * FORMATS) & ((1 << FORMATS) - 1) != 0)
    }

    fn next_class_digit(self, label: Label, code: u16, digits: u8) -> Option<GrammarState> {
        let (code, digits) = (code * 10 + u16::from(digit_value(label)?), digits + 1);
        self.keep(Stage::Class { code, digits }, |format| format.admits_class_prefix(code, digits))
    }

    /// The state at `stage` with those live formats that pass; `None` if none does.
    fn keep(self, stage: Stage, passes: impl Fn(&Format) -> bool) -> Option<GrammarState> {
        let mut live = 0;
        let mut bits = self.live;
        while bits != 0 {
            let bit = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if passes(format_of(bit)) {
                live |= 1 << bit;
            }
        }
        (live != 0).then_some(GrammarState { live, stage })
    }

    fn formats(self) -> impl Iterator<Item = &'static Format> {
        (0..u128::BITS as usize).filter(move |bit| self.live >> bit & 1 == 1).map(format_of)
    }
}

fn format_of(bit: usize) -> &'static Format {
    &PlateKind::ALL[bit / FORMATS].formats()[bit % FORMATS]
}
