//! The grammar as an automaton over labels, for decoding one label at a time.

use super::kind::Slot;
use super::{Format, PlateKind, digit_value};
use crate::labels::{Label, LabelClass};

/// Most formats of a kind.
const FORMATS: usize = 4;

/// Labels that may belong to a class code: a region and two digits, or three digits.
const HEAD: usize = 3;

/// Where in the grammar a sequence of labels has arrived. Made from the formats of all kinds: of labels without
/// [`Label::UNKNOWN`] it accepts exactly those of every [`PlateText`](super::PlateText). The unknown label stands for any
/// character that may be in its place, so that it accepts `1?가3456` as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GrammarState {
    /// The formats the labels so far can still become: bit `kind * FORMATS + index`.
    live: u128,
    /// Labels so far.
    count: u8,
    /// The first labels as digits, [`None`] where they are unknown or no digits; all of them are once no class code goes on.
    head: [Option<u8>; HEAD],
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
        GrammarState { live, count: 0, head: [None; HEAD] }
    }

    /// Where `labels` lead from the start, or `None` if no text begins with them.
    pub fn of(labels: &[Label]) -> Option<GrammarState> {
        labels.iter().try_fold(GrammarState::start(), |state, &label| state.next(label))
    }

    /// Where `label` leads, or `None` if no text goes on with it. The blank never leads anywhere.
    pub fn next(self, label: Label) -> Option<GrammarState> {
        let place = usize::from(self.count);
        let digit = digit_value(label);
        let mut head = self.head;
        if let Some(first) = head.get_mut(place) {
            *first = digit;
        }
        let is_unknown = label == Label::UNKNOWN;
        let (mut live, mut goes_on) = (0, false);
        for (bit, format) in self.formats() {
            let start = usize::from(format.has_region());
            let admits = match format.slot(place) {
                Some(Slot::Region) => is_unknown || format.admits_region(Some(label)),
                // Asked of unknown digits as well: those before them may leave none for their place.
                Some(Slot::Class) => {
                    (is_unknown || digit.is_some()) && format.admits_class_prefix(&head[start..=place])
                }
                Some(Slot::Letter) => is_unknown || format.admits_letter(label),
                Some(Slot::Serial(index)) => {
                    is_unknown || digit.is_some_and(|value| format.admits_serial_digit(index, value))
                }
                None => false,
            };
            if admits {
                live |= 1 << bit;
                goes_on |= matches!(format.slot(place + 1), Some(Slot::Class));
            }
        }
        // States that have the same future are equal.
        let head = if goes_on { head } else { [None; HEAD] };
        (live != 0 && label.class() != LabelClass::Blank).then_some(GrammarState { live, count: self.count + 1, head })
    }

    /// Whether the labels so far are a whole text. A longer one may begin with them: 임 and four digits, or unknown ones.
    pub fn is_complete(self) -> bool {
        self.labels_to_complete() == 0
    }

    /// Fewest labels that complete the text, 0 if it is complete.
    pub fn labels_to_complete(self) -> usize {
        let count = usize::from(self.count);
        self.formats().map(|(_, format)| format.characters() - count).min().unwrap_or(0)
    }

    /// The kinds that a text beginning with the labels so far can be on.
    pub fn kinds(self) -> impl Iterator<Item = PlateKind> {
        PlateKind::ALL.into_iter().filter(move |kind| self.live >> (kind.index() * FORMATS) & ((1 << FORMATS) - 1) != 0)
    }

    /// The kinds that the labels so far can be on without another one; none where they are no whole text.
    pub fn complete_kinds(self) -> impl Iterator<Item = PlateKind> {
        self.ended().into_iter().flat_map(GrammarState::kinds)
    }

    /// The state of those formats that have no label more; `None` where there are none.
    fn ended(self) -> Option<GrammarState> {
        let count = usize::from(self.count);
        let live =
            self.formats().filter(|(_, format)| format.characters() == count).fold(0, |live, (bit, _)| live | 1 << bit);
        (live != 0).then_some(GrammarState { live, ..self })
    }

    /// What stands at `place`, from 0, of the whole text that the labels so far are, if it is the same in every format that
    /// they can be of.
    pub(super) fn slot(self, place: usize) -> Option<Slot> {
        let mut slots = self.ended()?.formats().filter_map(|(_, format)| format.slot(place));
        let first = slots.next()?;
        slots.all(|slot| slot == first).then_some(first)
    }

    fn formats(self) -> impl Iterator<Item = (usize, &'static Format)> {
        let mut bits = self.live;
        std::iter::from_fn(move || {
            let bit = bits.trailing_zeros() as usize;
            (bits != 0).then(|| {
                bits &= bits - 1;
                (bit, &PlateKind::ALL[bit / FORMATS].formats()[bit % FORMATS])
            })
        })
    }
}
