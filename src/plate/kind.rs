//! The kinds of plates and which texts were issued on each: the one table that the renderer, the parser and the
//! decoder's grammar all read.
//!
//! Sources: notice 2018-529 of the Ministry of Land (article 5: syllables; annexes 1 to 6: two-digit plates, 18:
//! electric vehicles), its amendment 2021-202 (three-digit vans, trucks and emergency vehicles), and for the green
//! plates the press of their day, as far as the alphabet of [`crate::labels`] spells them. Of the rare kinds, from
//! [`PlateKind::Military`] on, no drawing was to be had: their patterns are those that readers and catalogues of Korean
//! plates agree on, and their sizes are of the annexes' titles and the press.

use std::ops::RangeInclusive;

use crate::labels::{Label, LabelClass};

/// A kind of plate: its size, colours and layout, not only its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlateKind {
    /// Painted, 520x110 mm, two class digits: `12가 3456`. 2006 to 2019 (cars) or 2021.
    PrivateLong,
    /// Painted, 520x110 mm, three class digits: `123가 4567`. Since 2019.
    Private8,
    /// White film with a blue strip, 520x110 mm, three class digits. Since 2020.
    PrivateFilm,
    /// Painted, 335x155 mm, two class digits. Since 2006, for bodies made for short plates.
    PrivateShort,
    /// Painted, 440x200 mm, two class digits. Since 2006, for buses and trucks of 4 t and more.
    PrivateLarge,
    /// Light blue film for electric and hydrogen vehicles, 520x110 mm. Since 2017.
    Ev,
    /// Light green film for dear company cars, 520x110 mm. Since 2024.
    Corporate,
    /// Yellow, 520x110 mm, region stacked at the left. Since 2006.
    CommercialLong,
    /// Yellow, two lines, 335x170 or 440x220 mm. Since 2006.
    CommercialDouble,
    /// Green, two lines, 335x170 or 440x220 mm, no region: `39나` over `2764`. 2004 to 2006.
    GreenNational,
    /// Green, two lines, 335x170 or 440x220 mm, with region: `서울 39` over `허 2764`. 1973 to 2003.
    GreenRegion,
    /// White, black characters, two class digits: `16육 2331`. Size not published; taken for 520x110 mm.
    Military,
    /// Navy, white characters: `외교 005-003`, `외빈 123`. 335x155 or 520x110 mm.
    Diplomatic,
    /// White with a red line across, for cars not registered yet: `임 1234`, `임 123456`, `서울 06임 1234`. 335x155,
    /// 335x170 or 520x110 mm.
    Temporary,
    /// Construction machinery since 2022, orange (rental) or white, 520x110 mm: `012가 4568`.
    Construction,
    /// Construction machinery until 2022, orange, green or white, 400x220, 600x280 or 520x110 mm: `경기 02나 1234`. The
    /// `영` that commercial machinery had before the region is not read: such a text has nine characters.
    ConstructionOld,
    /// Motorcycles since 2026, 210x150 mm: `1가2` over `3456`. Those before name a city, which the alphabet cannot spell.
    Motorcycle,
}

impl PlateKind {
    /// Every kind, in [`PlateKind::index`] order.
    pub const ALL: [PlateKind; 17] = [
        PlateKind::PrivateLong,
        PlateKind::Private8,
        PlateKind::PrivateFilm,
        PlateKind::PrivateShort,
        PlateKind::PrivateLarge,
        PlateKind::Ev,
        PlateKind::Corporate,
        PlateKind::CommercialLong,
        PlateKind::CommercialDouble,
        PlateKind::GreenNational,
        PlateKind::GreenRegion,
        PlateKind::Military,
        PlateKind::Diplomatic,
        PlateKind::Temporary,
        PlateKind::Construction,
        PlateKind::ConstructionOld,
        PlateKind::Motorcycle,
    ];

    /// Position in [`PlateKind::ALL`]: the class order of the network's kind output, fixed by trained weights.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Lower-case name with hyphens, such as `private-long`.
    pub fn name(self) -> &'static str {
        match self {
            PlateKind::PrivateLong => "private-long",
            PlateKind::Private8 => "private-8",
            PlateKind::PrivateFilm => "private-film",
            PlateKind::PrivateShort => "private-short",
            PlateKind::PrivateLarge => "private-large",
            PlateKind::Ev => "ev",
            PlateKind::Corporate => "corporate",
            PlateKind::CommercialLong => "commercial-long",
            PlateKind::CommercialDouble => "commercial-double",
            PlateKind::GreenNational => "green-national",
            PlateKind::GreenRegion => "green-region",
            PlateKind::Military => "military",
            PlateKind::Diplomatic => "diplomatic",
            PlateKind::Temporary => "temporary",
            PlateKind::Construction => "construction",
            PlateKind::ConstructionOld => "construction-old",
            PlateKind::Motorcycle => "motorcycle",
        }
    }

    /// The kind with that [`PlateKind::name`].
    pub fn from_name(name: &str) -> Option<PlateKind> {
        PlateKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Width and height in millimetres; of several sizes of a kind, the smallest that has its characters in two lines, if
    /// one has.
    pub fn size_mm(self) -> (f32, f32) {
        match self {
            PlateKind::PrivateShort => (335.0, 155.0),
            PlateKind::PrivateLarge => (440.0, 200.0),
            PlateKind::Diplomatic => (335.0, 155.0),
            PlateKind::ConstructionOld => (400.0, 220.0),
            PlateKind::Motorcycle => (210.0, 150.0),
            PlateKind::CommercialDouble | PlateKind::GreenNational | PlateKind::GreenRegion => (335.0, 170.0),
            _ => (520.0, 110.0),
        }
    }

    /// What was issued on this kind: a text fits the kind if and only if it fits one of these.
    pub fn formats(self) -> &'static [Format] {
        const TWO_DIGITS: Format = Format::new(Regions::None, 2, (1, 99), Letters::Private);
        // Rental vehicles are cars (to 69 or 699) and vans (to 79 or 799).
        const TWO_DIGITS_RENTAL: Format = Format::new(Regions::None, 2, (1, 79), Letters::Rental);
        const THREE_DIGITS_RENTAL: Format = Format::new(Regions::None, 3, (100, 799), Letters::Rental);
        match self {
            PlateKind::PrivateLong | PlateKind::PrivateShort => const { &[TWO_DIGITS, TWO_DIGITS_RENTAL] },
            // 998 and 999 are the emergency vehicles.
            PlateKind::Private8 | PlateKind::PrivateFilm => {
                const { &[Format::new(Regions::None, 3, (100, 999), Letters::Private), THREE_DIGITS_RENTAL] }
            }
            // Vans, trucks and special vehicles alone are this large.
            PlateKind::PrivateLarge => {
                const {
                    &[
                        Format::new(Regions::None, 2, (70, 99), Letters::Private),
                        Format::new(Regions::None, 2, (70, 79), Letters::Rental),
                    ]
                }
            }
            // Annex 18 knows two digits only; three are seen since the amendment of 2021.
            PlateKind::Ev => {
                const {
                    &[
                        TWO_DIGITS,
                        TWO_DIGITS_RENTAL,
                        Format::new(Regions::None, 3, (100, 997), Letters::Private),
                        THREE_DIGITS_RENTAL,
                    ]
                }
            }
            PlateKind::Corporate => {
                const {
                    &[
                        Format::new(Regions::None, 3, (100, 699), Letters::Private),
                        Format::new(Regions::None, 3, (100, 699), Letters::Rental),
                    ]
                }
            }
            PlateKind::CommercialLong | PlateKind::CommercialDouble => {
                const { &[Format::new(Regions::All, 2, (1, 99), Letters::Commercial)] }
            }
            // 하 and 호 came in 2013, when green plates had ended.
            PlateKind::GreenNational => {
                const { &[TWO_DIGITS, Format::new(Regions::None, 2, (1, 79), Letters::RentalBefore2013)] }
            }
            PlateKind::GreenRegion => {
                const {
                    &[
                        Format::new(Regions::Before2012, 2, (1, 99), Letters::Private1996),
                        Format::new(Regions::Before2012, 2, (1, 79), Letters::RentalBefore2013),
                        Format::new(Regions::Before1997, 1, (0, 9), Letters::Before1996),
                    ]
                }
            }
            PlateKind::Military => const { &[Format::new(Regions::None, 2, (0, 99), Letters::Military)] },
            PlateKind::Diplomatic => {
                const {
                    &[
                        Format::new(Regions::None, 0, (0, 0), Letters::Diplomatic).with_serial(6),
                        Format::new(Regions::None, 0, (0, 0), Letters::Guest).with_serial(3),
                    ]
                }
            }
            PlateKind::Temporary => {
                const {
                    &[
                        Format::new(Regions::None, 0, (0, 0), Letters::Temporary),
                        Format::new(Regions::None, 0, (0, 0), Letters::Temporary).with_serial(6),
                        Format::new(Regions::All, 2, (1, 99), Letters::Temporary),
                    ]
                }
            }
            // Type codes run to 27 (excavators are 002, dump trucks 006).
            PlateKind::Construction => {
                const {
                    &[
                        Format::new(Regions::None, 3, (1, 27), Letters::Private),
                        Format::new(Regions::None, 3, (1, 27), Letters::Rental),
                    ]
                }
            }
            // Which letters there were is not published. More than those of cars of the time would give up what the
            // grammar knows of commercial plates, that 서울12버3456 is a misread 서울12바3456.
            PlateKind::ConstructionOld => {
                const {
                    &[
                        Format::new(Regions::All, 2, (1, 27), Letters::Private1996),
                        Format::new(Regions::All, 2, (1, 27), Letters::Commercial1996),
                    ]
                }
            }
            PlateKind::Motorcycle => {
                const { &[Format::new(Regions::None, 1, (1, 9), Letters::Private).with_serial(5).without_leading_zero()] }
            }
        }
    }

    /// Whether every text on this kind begins with a region.
    pub fn has_region(self) -> bool {
        self.formats().iter().all(Format::has_region)
    }

    /// Every use letter that occurs on this kind, in class order. Which goes with which class code, see
    /// [`PlateKind::formats`].
    pub fn letters(self) -> impl Iterator<Item = Label> {
        Label::all().filter(move |&label| self.formats().iter().any(|format| format.letters.contains(label)))
    }
}

impl std::fmt::Display for PlateKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// One pattern of text: a choice of region, class code, use letter and serial, any of each with any of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    regions: Regions,
    class_digits: u8,
    class_codes: (u16, u16),
    letters: Letters,
    serial_digits: u8,
    leading_zero: bool,
}

impl Format {
    /// With a serial of four digits, any of which may be 0.
    const fn new(regions: Regions, class_digits: u8, class_codes: (u16, u16), letters: Letters) -> Format {
        Format { regions, class_digits, class_codes, letters, serial_digits: 4, leading_zero: true }
    }

    const fn with_serial(self, serial_digits: u8) -> Format {
        Format { serial_digits, ..self }
    }

    const fn without_leading_zero(self) -> Format {
        Format { leading_zero: false, ..self }
    }

    /// Whether the text begins with a region.
    pub fn has_region(&self) -> bool {
        self.regions != Regions::None
    }

    /// The regions to choose from, in class order; none where the text begins with the class code.
    pub fn regions(&self) -> impl Iterator<Item = Label> + use<> {
        let regions = self.regions;
        Label::all().filter(move |&label| regions.contains(label))
    }

    /// Number of digits of the class code, leading zeros included: 0 to 3. None before a word or `임` that stands alone.
    pub fn class_digits(&self) -> usize {
        usize::from(self.class_digits)
    }

    /// The class codes; `0..=0` where there are no digits.
    pub fn class_codes(&self) -> RangeInclusive<u16> {
        self.class_codes.0..=self.class_codes.1
    }

    /// The use letters, in class order.
    pub fn letters(&self) -> impl Iterator<Item = Label> + use<> {
        let letters = self.letters;
        Label::all().filter(move |&label| letters.contains(label))
    }

    /// Number of digits of the serial, leading zeros included: 3 to 6.
    pub fn serial_digits(&self) -> usize {
        usize::from(self.serial_digits)
    }

    /// The serials.
    pub fn serials(&self) -> RangeInclusive<u32> {
        let end = 10_u32.pow(u32::from(self.serial_digits));
        (if self.leading_zero { 0 } else { end / 10 })..=end - 1
    }

    /// Number of characters of its texts, a region or a word counted as one.
    pub(super) fn characters(&self) -> usize {
        usize::from(self.has_region()) + self.class_digits() + 1 + self.serial_digits()
    }

    pub(super) fn admits_region(&self, region: Option<Label>) -> bool {
        match region {
            None => !self.has_region(),
            Some(region) => self.regions.contains(region),
        }
    }

    /// What stands at `place` of a text, its first character being at 0; `None` after the last.
    pub(super) fn slot(&self, place: usize) -> Option<Slot> {
        let letter = usize::from(self.has_region()) + self.class_digits();
        match place {
            0 if self.has_region() => Some(Slot::Region),
            place if place < letter => Some(Slot::Class),
            place if place == letter => Some(Slot::Letter),
            place => Some(place - letter - 1)
                .filter(|&index| index < self.serial_digits())
                .map(|index| Slot::Serial(index as u8)),
        }
    }

    /// Whether a class code may begin with these digits, `None` being any.
    pub(super) fn admits_class_prefix(&self, digits: &[Option<u8>]) -> bool {
        /// Whether a number from `range` begins with `value` and then has these digits and `missing` more.
        fn within(range: (u16, u16), value: u16, digits: &[Option<u8>], missing: u32) -> bool {
            let scale = 10_u16.pow(missing + digits.len() as u32);
            let (first, last) = (value * scale, value * scale + (scale - 1));
            match digits {
                _ if last < range.0 || range.1 < first => false,
                [] => true,
                [Some(digit), rest @ ..] => within(range, value * 10 + u16::from(*digit), rest, missing),
                [None, rest @ ..] => (0..10).any(|digit| within(range, value * 10 + digit, rest, missing)),
            }
        }
        let missing = self.class_digits().checked_sub(digits.len());
        missing.is_some_and(|missing| within(self.class_codes, 0, digits, missing as u32))
    }

    pub(super) fn admits_class(&self, code: u16, digits: u8) -> bool {
        self.class_digits == digits && self.class_codes().contains(&code)
    }

    pub(super) fn admits_letter(&self, letter: Label) -> bool {
        self.letters.contains(letter)
    }

    /// Whether a serial may have `value` at `place`, 0 being that of its first digit.
    pub(super) fn admits_serial_digit(&self, place: u8, value: u8) -> bool {
        place < self.serial_digits && (place > 0 || value > 0 || self.leading_zero)
    }
}

/// What may stand at one place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Region,
    /// A digit of the class code.
    Class,
    /// The use letter, or the word or `임` in its place.
    Letter,
    /// The digit of the serial with this index, from 0.
    Serial(u8),
}

/// Which regions may begin a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regions {
    None,
    /// All but 울산 (a metropolitan city since 1997) and 세종 (since 2012).
    Before1997,
    /// All but 세종.
    Before2012,
    All,
}

impl Regions {
    fn contains(self, label: Label) -> bool {
        label.class() == LabelClass::Region
            && match self {
                Regions::None => false,
                Regions::Before1997 => !matches!(label.name(), "울산" | "세종"),
                Regions::Before2012 => label.name() != "세종",
                Regions::All => true,
            }
    }
}

/// Which use letters a text may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    /// The 32 of private vehicles.
    Private,
    /// The 20 of them that were in use from 1996 to 2003.
    Private1996,
    /// Those of 1973 to 1995: the private ones, their extension by 버-퍼, 보-호, 부-후 and 그-흐, and of the commercial
    /// ones (바-하) those that today's do not share. With 바, 사, 아 and 자, 서울1바2345 would pass: a misread 서울31바2345.
    Before1996,
    /// 하, 허 and 호.
    Rental,
    /// 허, the only rental letter until 2013.
    RentalBefore2013,
    /// 바, 사, 아, 자 and 배.
    Commercial,
    /// The 4 of them that are older than 배.
    Commercial1996,
    /// 국, 합, 육, 해 and 공.
    Military,
    /// The 7 words of diplomatic plates that six digits follow.
    Diplomatic,
    /// 외빈, of state guests.
    Guest,
    /// 임.
    Temporary,
}

impl Letters {
    fn contains(self, label: Label) -> bool {
        match self {
            Letters::Private => label.class() == LabelClass::Private,
            Letters::Private1996 => {
                label.class() == LabelClass::Private && !"버서어저보소오조부수우주".contains(label.name())
            }
            Letters::Before1996 => {
                matches!(label.class(), LabelClass::Private | LabelClass::Motorcycle | LabelClass::Before1996)
                    || matches!(label.name(), "하" | "호")
            }
            Letters::Rental => label.class() == LabelClass::Rental,
            Letters::RentalBefore2013 => label.name() == "허",
            Letters::Commercial => label.class() == LabelClass::Commercial,
            Letters::Commercial1996 => label.class() == LabelClass::Commercial && label.name() != "배",
            Letters::Military => label.class() == LabelClass::Military,
            Letters::Diplomatic => label.class() == LabelClass::Diplomatic && label.name() != "외빈",
            Letters::Guest => label.name() == "외빈",
            Letters::Temporary => label.class() == LabelClass::Temporary,
        }
    }
}
