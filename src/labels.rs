//! The recognizer's alphabet: which class index spells what.
//!
//! This is the only definition. The blank index, the class count, the width of the network's last layer and the
//! `labels.names` file of a dataset all derive from [`NAMES`].

use crate::fingerprint::fnv1a;

/// What each class spells, in class order. Class 0 is the CTC blank and spells nothing.
///
/// A region (`서울`) is one class, because on the yellow long plate its two syllables are stacked in one column and
/// CTC orders columns only. So is the word that diplomatic plates begin with (`외교`). Classes are only ever appended:
/// trained weights know them by index. `영` is on no kind of plate yet, since the text has more characters than are read;
/// nor are motorcycles until 2026, since the names of cities on them are outside the alphabet.
#[rustfmt::skip] // one line a group
pub const NAMES: [&str; CLASS_COUNT] = [
    // the CTC blank
    "",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    // private, 32
    "가", "나", "다", "라", "마", "거", "너", "더", "러", "머", "버", "서", "어", "저",
    "고", "노", "도", "로", "모", "보", "소", "오", "조", "구", "누", "두", "루", "무", "부", "수", "우", "주",
    // rental, 3
    "하", "허", "호",
    // commercial, 5
    "바", "사", "아", "자", "배",
    // regions, 17
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북", "전남",
    "경북", "경남", "제주",
    // military, 5
    "국", "합", "육", "해", "공",
    // diplomatic, 8
    "외교", "영사", "준외", "준영", "국기", "협정", "대표", "외빈",
    // temporary
    "임",
    // before the region of commercial construction machinery until 2022
    "영",
    // of motorcycles until 2026, and of plates of 1973 to 1995, 8
    "차", "카", "타", "파", "처", "커", "터", "퍼",
    // a character that is there and cannot be read
    "?",
    // of plates of 1973 to 1995 alone, 23
    "초", "코", "토", "포", "추", "쿠", "투", "푸", "후",
    "그", "느", "드", "르", "므", "브", "스", "으", "즈", "츠", "크", "트", "프", "흐",
];

/// Number of classes, the blank included.
pub const CLASS_COUNT: usize = 115;

/// One class of the alphabet. Always below [`CLASS_COUNT`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u8);

impl Label {
    /// The CTC blank: "no character at this step".
    pub const BLANK: Label = Label(0);

    /// `?`: a character that is there and cannot be read, since something hides it or the picture ends in it.
    pub const UNKNOWN: Label = Label(91);

    /// The label of class `index`, or `None` at or above [`CLASS_COUNT`].
    pub fn from_index(index: usize) -> Option<Label> {
        (index < CLASS_COUNT).then_some(Label(index as u8))
    }

    /// The label that spells exactly `name` (NFC), or `None`; the blank has no spelling.
    pub fn from_name(name: &str) -> Option<Label> {
        if name.is_empty() {
            return None;
        }
        NAMES.iter().position(|&n| n == name).map(|i| Label(i as u8))
    }

    /// The class index.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// What the label spells; empty for the blank.
    pub fn name(self) -> &'static str {
        NAMES[self.index()]
    }

    /// What sort of character this is.
    pub fn class(self) -> LabelClass {
        match self.0 {
            0 => LabelClass::Blank,
            1..=10 => LabelClass::Digit,
            11..=42 => LabelClass::Private,
            43..=45 => LabelClass::Rental,
            46..=50 => LabelClass::Commercial,
            51..=67 => LabelClass::Region,
            68..=72 => LabelClass::Military,
            73..=80 => LabelClass::Diplomatic,
            81 => LabelClass::Temporary,
            82 => LabelClass::CommercialMachinery,
            83..=90 => LabelClass::Motorcycle,
            91 => LabelClass::Unknown,
            _ => LabelClass::Before1996,
        }
    }

    /// All labels but the blank, in class order.
    pub fn all() -> impl Iterator<Item = Label> {
        (1..CLASS_COUNT as u8).map(Label)
    }
}

impl std::fmt::Debug for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Label::BLANK => f.write_str("Label(blank)"),
            label => write!(f, "Label({})", label.name()),
        }
    }
}

/// The sort of a [`Label`], as the plate grammar distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelClass {
    /// CTC blank.
    Blank,
    /// `0` to `9`.
    Digit,
    /// One of the 32 syllables of private plates.
    Private,
    /// `하`, `허` or `호`.
    Rental,
    /// `바`, `사`, `아`, `자` or `배`.
    Commercial,
    /// One of the 17 provinces and metropolitan cities.
    Region,
    /// `국`, `합`, `육`, `해` or `공`: the ministry, the joint staff, army, navy and air force.
    Military,
    /// One of the 8 words of diplomatic plates, such as `외교`.
    Diplomatic,
    /// `임`, of plates that cars carry until they are registered.
    Temporary,
    /// `영`, before the region of commercial construction machinery until 2022.
    CommercialMachinery,
    /// One of the 8 letters that only motorcycles until 2026 and plates of 1973 to 1995 had.
    Motorcycle,
    /// `?`, which stands for any character.
    Unknown,
    /// One of the 23 letters that only plates of 1973 to 1995 had.
    Before1996,
}

/// A 64-bit FNV-1a hash of the alphabet. Weights name the alphabet they were trained for by it.
pub fn fingerprint() -> u64 {
    fingerprint_of(&NAMES)
}

/// How many of the first classes make up the alphabet with that [`fingerprint`]: an earlier one, that this one has
/// grown out of, or this one itself. `None` for any other.
pub fn classes_of(fingerprint: u64) -> Option<usize> {
    (1..=CLASS_COUNT).find(|&count| fingerprint_of(&NAMES[..count]) == fingerprint)
}

fn fingerprint_of(names: &[&str]) -> u64 {
    fnv1a(names.join("\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabets_that_this_one_grew_out_of_are_known() {
        assert_eq!(classes_of(fingerprint()), Some(CLASS_COUNT));
        // The alphabet of the first weights.
        assert_eq!(classes_of(0x07e2_0a33_8d70_20e6), Some(68));
        // That of `recognizer-10`.
        assert_eq!(classes_of(0x37a1_683f_31a3_9267), Some(91));
        assert_eq!(classes_of(0x07e2_0a33_8d70_20e7), None);
    }

    #[test]
    fn classes_hold_what_they_say() {
        let spelled = |class: LabelClass| {
            Label::all().filter(|label| label.class() == class).map(Label::name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(spelled(LabelClass::Digit), "0 1 2 3 4 5 6 7 8 9");
        assert_eq!(spelled(LabelClass::Commercial), "바 사 아 자 배");
        assert_eq!(spelled(LabelClass::Military), "국 합 육 해 공");
        assert_eq!(spelled(LabelClass::Diplomatic), "외교 영사 준외 준영 국기 협정 대표 외빈");
        assert_eq!(spelled(LabelClass::Temporary) + &spelled(LabelClass::CommercialMachinery), "임영");
        assert_eq!(spelled(LabelClass::Motorcycle), "차 카 타 파 처 커 터 퍼");
        assert_eq!((spelled(LabelClass::Unknown).as_str(), Label::UNKNOWN.name()), ("?", "?"));
        assert_eq!(spelled(LabelClass::Before1996).split(' ').count(), 23);
        let mut names = NAMES;
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
