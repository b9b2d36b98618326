//! Composes the Hangul syllables of the gothic face from jamo.
//!
//! The gothic face writes the regions of yellow plates, all Hangul of green plates, and the words and letters that rare
//! plates alone have: a conventional bold gothic with flat ends. A syllable is laid out on an em that is 100 wide and 112 tall, from which its asset is scaled. Strokes
//! and proportions were read by eye off annexes 3, 4 and 6 of the plate regulation (regions) and photographs (green).

use super::jamo::{Extent, Leg, Pen};
use super::mark::Mark;

/// Width of the em.
pub(super) const EM_WIDTH: f64 = 100.0;

/// Height of the em.
pub(super) const EM_HEIGHT: f64 = 112.0;

/// Initials in the order of Unicode's Hangul syllables block; a space stands for those that no plate uses.
const INITIALS: &str = "ㄱ ㄴㄷ ㄹㅁㅂ ㅅ ㅇㅈ ㅊㅋㅌㅍㅎ";

/// Vowels in the order of the block, likewise.
const VOWELS: &str = "ㅏㅐ  ㅓㅔㅕ ㅗㅘ ㅚㅛㅜㅝ  ㅠㅡ ㅣ";

/// Finals in the order of the block, the first being none, likewise.
const FINALS: &str = "-ㄱ  ㄴ   ㄹ       ㅁㅂ   ㅇ      ";

/// A syllable taken apart.
#[derive(Clone, Copy, Debug)]
struct Jamo {
    initial: char,
    vowel: char,
    last: Option<char>,
}

/// Takes a syllable apart; `None` unless plates use each of its jamo.
fn split(syllable: char) -> Option<Jamo> {
    let offset = u32::from(syllable).checked_sub(0xAC00).filter(|&offset| offset < 11_172)? as usize;
    let used = |table: &str, index: usize| table.chars().nth(index).filter(|&jamo| jamo != ' ');
    Some(Jamo {
        initial: used(INITIALS, offset / 588)?,
        vowel: used(VOWELS, offset % 588 / 28)?,
        last: used(FINALS, offset % 28).map(|jamo| Some(jamo).filter(|&jamo| jamo != '-'))?,
    })
}

/// One syllable on the em.
#[derive(Debug)]
pub(super) struct Syllable {
    /// Strokes and rings, em.
    pub(super) marks: Vec<Mark>,
    /// Thickness of upright and of level strokes, em.
    pub(super) pen: [f64; 2],
}

/// Draws `syllable`; `None` unless it is made of jamo in an arrangement that plates use.
pub(super) fn syllable(syllable: char) -> Option<Syllable> {
    let jamo = split(syllable)?;
    let thickness = pen(syllable, jamo);
    let mut pen = Pen::new(thickness[0], thickness[1]);
    match (jamo.vowel, jamo.last) {
        ('ㅏ' | 'ㅐ' | 'ㅓ' | 'ㅔ' | 'ㅣ', None) => upright(&mut pen, jamo),
        ('ㅗ' | 'ㅜ', None) => level(&mut pen, jamo),
        ('ㅡ', None) => flat(&mut pen, jamo),
        ('ㅛ', None) => level_twice(&mut pen, jamo),
        ('ㅚ', None) => compound(&mut pen, jamo),
        ('ㅏ' | 'ㅓ' | 'ㅕ' | 'ㅣ', Some(last)) => upright_closed(&mut pen, jamo, last),
        ('ㅗ' | 'ㅜ' | 'ㅠ', Some(last)) => level_closed(&mut pen, jamo, last),
        ('ㅘ' | 'ㅝ', Some(last)) => compound_closed(&mut pen, jamo, last),
        _ => return None,
    }
    Some(Syllable { marks: pen.into_marks(), pen: thickness })
}

/// Thickness of upright and level strokes in em: crowded syllables have thinner bars, regions thinner ones than
/// letters, whose strokes measure 0.15 of the height on green plates.
fn pen(syllable: char, jamo: Jamo) -> [f64; 2] {
    match (syllable, jamo.last) {
        ('울', _) => [16.0, 9.8],
        ('충' | '종' | '북' | '원' | '광', _) => [16.5, 11.8],
        ('산' | '인' | '천' | '전' | '대' | '세' | '경' | '기' | '강' | '남' | '제', _) => [16.5, 13.0],
        ('서' | '부' | '구' | '주', _) => [16.0, 14.2],
        ('육' | '협' | '합' | '준', _) => [15.5, 10.5],
        ('국' | '공' | '영' | '정' | '임' | '빈' | '외' | '교' | '표', _) => [16.0, 12.4],
        _ => match jamo.initial {
            'ㄹ' => [15.5, 13.8],
            'ㅊ' | 'ㅋ' | 'ㅌ' | 'ㅍ' => [15.5, 13.0],
            'ㅂ' | 'ㅎ' => [15.5, 14.2],
            _ => [15.5, 16.0],
        },
    }
}

/// An initial beside an upright vowel: 가, 거, 대, 제, 기.
fn upright(pen: &mut Pen, jamo: Jamo) {
    let (stem, bar) = (pen.stem, pen.bar);
    let right = match jamo.vowel {
        'ㅏ' => 62.0,
        'ㅐ' => 46.0,
        'ㅔ' => 52.0,
        'ㅣ' => 68.0,
        _ => 65.0,
    };
    let ink = match jamo.initial {
        'ㄱ' | 'ㅋ' => Extent::new(0.0, 6.0, right, 98.0),
        'ㄴ' => Extent::new(4.0, 8.0, right + 2.0, 94.0),
        'ㄷ' | 'ㄹ' | 'ㅌ' => Extent::new(4.0, 8.0, right, 94.0),
        'ㅍ' => Extent::new(0.0, 12.0, right + 1.0, 92.0),
        'ㅁ' => Extent::new(4.0, 12.0, right - 3.0, 92.0),
        'ㅂ' => Extent::new(4.0, 8.0, right - 3.0, 94.0),
        'ㅅ' => Extent::new(0.0, 3.0, right + 6.0, 98.0),
        'ㅇ' => Extent::new(0.0, 16.0, right - 1.0, 88.0),
        'ㅎ' => Extent::new(0.0, 2.0, right - 3.0, 98.0),
        _ => Extent::new(0.0, 8.0, right + 4.0, 98.0),
    };
    pen.consonant(jamo.initial, ink, Leg::Swept);
    let middle = 0.45 * EM_HEIGHT - bar / 2.0;
    let last = EM_WIDTH - stem;
    match jamo.vowel {
        'ㅏ' => {
            pen.upright(71.0, 0.0, EM_HEIGHT);
            pen.level(71.0 + stem / 2.0, EM_WIDTH, middle);
        }
        'ㅐ' => {
            pen.upright(51.0, 2.0, 0.96 * EM_HEIGHT);
            pen.level(51.0 + stem / 2.0, EM_WIDTH - stem / 2.0, middle);
            pen.upright(last, 0.0, EM_HEIGHT);
        }
        'ㅓ' => {
            let from = match jamo.initial {
                'ㄴ' => 48.0,
                'ㄷ' => 55.0,
                'ㅎ' => 66.0,
                _ => 61.0,
            };
            pen.level(from, EM_WIDTH - stem / 2.0, middle);
            pen.upright(last, 0.0, EM_HEIGHT);
        }
        'ㅔ' => {
            // Above the fork of ㅅ, beside that of ㅈ.
            let tick = if jamo.initial == 'ㅅ' { middle - 12.0 } else { middle - 3.0 };
            pen.level(42.0, 66.0, tick);
            pen.upright(60.0, 2.0, 0.96 * EM_HEIGHT);
            pen.upright(last, 0.0, EM_HEIGHT);
        }
        _ => pen.upright(last, 0.0, EM_HEIGHT),
    }
}

/// An initial above ㅗ or ㅜ: 고, 구.
fn level(pen: &mut Pen, jamo: Jamo) {
    let (left, bar) = (EM_WIDTH / 2.0 - pen.stem / 2.0, pen.bar);
    if jamo.vowel == 'ㅗ' {
        let ink = match jamo.initial {
            'ㄱ' | 'ㅋ' => Extent::new(11.0, 0.0, 89.0, 78.0),
            'ㅅ' | 'ㅈ' => Extent::new(5.0, 0.0, 95.0, 70.0),
            'ㅊ' => Extent::new(5.0, 0.0, 95.0, 76.0),
            'ㅍ' => Extent::new(8.0, 0.0, 92.0, 66.0),
            'ㅇ' => Extent::new(16.0, 0.0, 84.0, 66.0),
            'ㅎ' => Extent::new(12.0, 0.0, 88.0, 82.0),
            _ => Extent::new(12.0, 0.0, 89.0, 66.0),
        };
        pen.consonant(jamo.initial, ink, Leg::Bowed);
        let (stub, from) = match jamo.initial {
            'ㄱ' => (38.0, 46.0),
            'ㅋ' => (34.0, 58.0),
            'ㅅ' | 'ㅈ' => (left, 64.0),
            'ㅊ' => (left, 72.0),
            'ㅎ' => (left, 78.0),
            _ => (left, 62.0),
        };
        pen.upright(stub, from, EM_HEIGHT - bar / 2.0);
        pen.level(0.0, EM_WIDTH, EM_HEIGHT - bar);
    } else {
        let (ink, top) = match jamo.initial {
            'ㄱ' | 'ㅋ' => (Extent::new(12.0, 0.0, 89.0, 66.0), 60.0),
            'ㅅ' | 'ㅈ' => (Extent::new(5.0, 0.0, 95.0, 55.0), 61.0),
            'ㅊ' => (Extent::new(5.0, 0.0, 95.0, 62.0), 67.0),
            'ㅎ' => (Extent::new(12.0, 0.0, 88.0, 63.0), 69.0),
            'ㅌ' => (Extent::new(12.0, 0.0, 89.0, 58.0), 66.0),
            'ㅍ' => (Extent::new(8.0, 0.0, 92.0, 56.0), 64.0),
            'ㅇ' => (Extent::new(17.0, 0.0, 83.0, 54.0), 61.0),
            'ㄹ' => (Extent::new(12.0, 0.0, 89.0, 58.0), 66.0),
            _ => (Extent::new(12.0, 0.0, 89.0, 54.0), 62.0),
        };
        pen.consonant(jamo.initial, ink, Leg::Bowed);
        pen.level(0.0, EM_WIDTH, top);
        pen.upright(left, top + bar / 2.0, EM_HEIGHT);
    }
}

/// An initial above ㅡ: 그, 스.
fn flat(pen: &mut Pen, jamo: Jamo) {
    let ink = match jamo.initial {
        'ㄱ' | 'ㅋ' => Extent::new(12.0, 3.0, 88.0, 82.0),
        'ㅅ' | 'ㅈ' => Extent::new(5.0, 3.0, 95.0, 78.0),
        'ㅊ' => Extent::new(5.0, 0.0, 95.0, 80.0),
        'ㅇ' => Extent::new(18.0, 3.0, 82.0, 76.0),
        'ㅎ' => Extent::new(12.0, 0.0, 88.0, 80.0),
        'ㅍ' => Extent::new(8.0, 3.0, 92.0, 74.0),
        _ => Extent::new(12.0, 3.0, 89.0, 74.0),
    };
    pen.consonant(jamo.initial, ink, Leg::Bowed);
    pen.level(0.0, EM_WIDTH, 104.0 - pen.bar);
}

/// An initial above ㅛ: 교, 표.
fn level_twice(pen: &mut Pen, jamo: Jamo) {
    let bar = pen.bar;
    let (ink, from) = match jamo.initial {
        'ㄱ' => (Extent::new(11.0, 0.0, 89.0, 80.0), 50.0),
        _ => (Extent::new(8.0, 2.0, 92.0, 64.0), 60.0),
    };
    pen.consonant(jamo.initial, ink, Leg::Bowed);
    for left in if jamo.initial == 'ㄱ' { [22.0, 47.0] } else { [24.0, 60.0] } {
        pen.upright(left, from, EM_HEIGHT - bar / 2.0);
    }
    pen.level(0.0, EM_WIDTH, EM_HEIGHT - bar);
}

/// An initial above ㅗ, beside ㅣ: 외.
fn compound(pen: &mut Pen, jamo: Jamo) {
    let (stem, bar) = (pen.stem, pen.bar);
    pen.consonant(jamo.initial, Extent::new(4.0, 4.0, 68.0, 62.0), Leg::Bowed);
    pen.upright(36.0 - stem / 2.0, 58.0, 90.0 - bar / 2.0);
    pen.level(0.0, 75.0, 90.0 - bar);
    pen.upright(EM_WIDTH - stem, 0.0, EM_HEIGHT);
}

/// An initial and an upright vowel above a final: 산, 강, 인.
fn upright_closed(pen: &mut Pen, jamo: Jamo, last: char) {
    let stem = pen.stem;
    // A final ㄴ leaves its upper right free for the vowel; the others need the whole width.
    let (stem_end, bottom, top) = if last == 'ㄴ' { (84.0, 74.0, 78.0) } else { (62.0, 64.0, 67.0) };
    let ink = match (jamo.initial, jamo.vowel) {
        ('ㄱ', 'ㅏ') => Extent::new(0.0, 3.0, 62.0, bottom),
        ('ㄱ', _) => Extent::new(0.0, 3.0, 60.0, bottom),
        ('ㄴ', _) => Extent::new(4.0, 0.0, 66.0, 53.0),
        ('ㅇ', 'ㅕ') => Extent::new(0.0, 0.0, 60.0, bottom - 2.0),
        ('ㅇ', _) if last != 'ㄴ' => Extent::new(0.0, 0.0, 66.0, bottom - 2.0),
        ('ㅇ', _) => Extent::new(0.0, 0.0, 66.0, 70.0),
        ('ㅎ', 'ㅕ') => Extent::new(0.0, 0.0, 57.0, bottom - 1.0),
        ('ㅎ', _) => Extent::new(0.0, 0.0, 68.0, bottom - 1.0),
        ('ㅂ', _) => Extent::new(2.0, 0.0, 64.0, 68.0),
        ('ㅊ', _) => Extent::new(0.0, 0.0, 72.0, bottom),
        _ => Extent::new(0.0, 2.0, 70.0, bottom),
    };
    pen.consonant(jamo.initial, ink, Leg::Swept);
    let right = 97.0 - stem;
    match jamo.vowel {
        'ㅏ' => {
            pen.upright(73.0, 0.0, stem_end);
            pen.level(73.0 + stem / 2.0, EM_WIDTH, 25.0);
        }
        'ㅓ' => {
            pen.level(62.0, right + stem / 2.0, 31.0);
            pen.upright(right, 0.0, stem_end);
        }
        'ㅕ' => {
            // Clear of the bar of ㅎ.
            let (from, upper) = if jamo.initial == 'ㅎ' { (62.0, 14.0) } else { (54.0, 11.0) };
            pen.level(from, right + stem / 2.0, upper);
            pen.level(from, right + stem / 2.0, 35.0);
            pen.upright(right, 0.0, stem_end);
        }
        _ => pen.upright(right, 0.0, stem_end),
    }
    closing(pen, last, top);
}

/// An initial above ㅗ, ㅜ or ㅠ above a final: 울, 북, 종, 육.
fn level_closed(pen: &mut Pen, jamo: Jamo, last: char) {
    let (left, bar) = (EM_WIDTH / 2.0 - pen.stem / 2.0, pen.bar);
    let (ink, vowel, top) = match jamo.initial {
        'ㅇ' => (Extent::new(10.0, 0.0, 90.0, 34.0), 41.0, 58.0),
        'ㅊ' => (Extent::new(4.0, 0.0, 96.0, 48.0), 53.0, 73.0),
        'ㅈ' => (Extent::new(4.0, 0.0, 96.0, 45.0), 54.0, 74.0),
        _ => (Extent::new(9.0, 0.0, 91.0, 42.0), 49.0, 70.0),
    };
    pen.consonant(jamo.initial, ink, Leg::Bowed);
    pen.level(0.0, EM_WIDTH, vowel);
    match jamo.vowel {
        'ㅗ' => pen.upright(left, vowel - 13.0, vowel + bar / 2.0),
        'ㅜ' => pen.upright(left, vowel + bar / 2.0, top + bar / 2.0),
        _ => {
            for left in [22.0, 62.0] {
                pen.upright(left, vowel + bar / 2.0, top + bar / 2.0);
            }
        }
    }
    closing(pen, last, top);
}

/// An initial above ㅘ or ㅝ above a final: 광, 원.
fn compound_closed(pen: &mut Pen, jamo: Jamo, last: char) {
    let (stem, bar) = (pen.stem, pen.bar);
    if jamo.vowel == 'ㅘ' {
        pen.consonant(jamo.initial, Extent::new(5.0, 2.0, 63.0, 42.0), Leg::Bowed);
        pen.upright(19.0, 27.0, 48.0);
        pen.level(0.0, 70.0, 46.0);
        pen.upright(74.0, 0.0, 66.0);
        pen.level(74.0 + stem / 2.0, EM_WIDTH, 26.0);
    } else {
        pen.consonant(jamo.initial, Extent::new(5.0, 0.0, 68.0, 38.0), Leg::Bowed);
        pen.level(0.0, 74.0, 43.0);
        pen.upright(27.0, 43.0 + bar / 2.0, 78.0);
        pen.level(56.0, 97.0 - stem / 2.0, 63.0);
        pen.upright(97.0 - stem, 0.0, 88.0);
    }
    closing(pen, last, if last == 'ㄴ' { 82.0 } else { 69.0 });
}

/// The final consonant from `top` down to the foot of the em.
fn closing(pen: &mut Pen, last: char, top: f64) {
    let ink = match last {
        'ㄴ' => Extent::new(13.0, top, 99.0, EM_HEIGHT),
        'ㅁ' | 'ㅂ' => Extent::new(15.0, top, 90.0, EM_HEIGHT),
        'ㅇ' => Extent::new(11.0, top, 89.0, EM_HEIGHT),
        _ => Extent::new(9.0, top, 92.0, EM_HEIGHT),
    };
    pen.consonant(last, ink, Leg::Straight);
}
