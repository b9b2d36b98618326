//! What TypeScript and the page know of the library: the grammar of `kr-lpr/plate`, the defaults and ranges of options, and where
//! characters stand.
//!
//! `pkg/src/plate-tables.ts`, `pkg/src/defaults.ts` and `www/plate/cells.js` are written from here; `KR_LPR_BLESS=1` (`cargo xtask
//! bless`) writes them again. The verdicts of the grammar on many texts go to `target/plate-cases.json`, for `tests/browser` to compare.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kr_lpr::defaults::{self, Limits};
use kr_lpr::labels::{Label, LabelClass};
use kr_lpr::plate::layout::Layout;
use kr_lpr::plate::{PartialText, PlateKind, PlateText, is_separator};
use serde_json::{Value, json};

/// Texts that are tried, most of them mutations of texts that a plate can carry.
const CASES: usize = 6000;

fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Cargo's target folder, where the test itself runs from.
fn target(name: &str) -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let folder = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    folder.map_or_else(|| checkout("target"), Path::to_path_buf).join(name)
}

fn names(labels: impl Iterator<Item = Label>) -> Vec<&'static str> {
    labels.map(Label::name).collect()
}

#[test]
fn golden_tables_of_the_typescript_grammar() {
    compare("pkg/src/plate-tables.ts", &tables());
}

#[test]
fn golden_cells_of_the_page() {
    compare("www/plate/cells.js", &cells());
}

#[test]
fn golden_defaults_of_the_typescript_options() {
    compare("pkg/src/defaults.ts", &limits());
    // The types say them, too, in words.
    let types = fs::read_to_string(checkout("pkg/src/options.ts")).unwrap();
    for (name, Limits { default, .. }) in LIMITS {
        let field = types.find(&format!("  {name}?: number;")).unwrap_or_else(|| panic!("there is no option {name}"));
        let comment = &types[types[..field].rfind("/**").unwrap()..field];
        assert!(comment.contains(&format!("@defaultValue {default}\n")), "{name} is {default} by default: {comment}");
    }
}

/// Compares a generated file with what it should be, or writes it.
fn compare(path: &str, expected: &str) {
    let file = checkout(path);
    if std::env::var_os("KR_LPR_BLESS").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "{path} is not what src/ says; run `cargo xtask bless`");
}

/// The options that are numbers, as TypeScript calls them.
const LIMITS: [(&str, Limits); 10] = [
    ("maxPlates", defaults::MAX_PLATES),
    ("minConfidence", defaults::MIN_CONFIDENCE),
    ("minDetectionConfidence", defaults::MIN_DETECTION_CONFIDENCE),
    ("nBest", defaults::N_BEST),
    ("lostAfterMs", defaults::LOST_AFTER_MS),
    ("forgetAfterMs", defaults::FORGET_AFTER_MS),
    ("stillMs", defaults::STILL_MS),
    ("minAgreeing", defaults::MIN_AGREEING),
    ("confirmConfidence", defaults::CONFIRM_CONFIDENCE),
    ("maxTracks", defaults::MAX_TRACKS),
];

fn limits() -> String {
    let mut out = String::from(
        "/**\n * Default and range of every option that is a number, written by `tests/plate_tables.rs` from `src/defaults.rs`: do not edit,\n \
         * run `cargo xtask bless`.\n * @module\n */\n\n/** @internal */\nexport const LIMITS = {\n",
    );
    for (name, Limits { default, least, most }) in LIMITS {
        let most = if most.is_finite() { most.to_string() } else { "Infinity".to_owned() };
        writeln!(out, "  {name}: {{ default: {default}, least: {least}, most: {most} }},").unwrap();
    }
    out + "} as const;\n"
}

/// The TypeScript source.
fn tables() -> String {
    let mut out = String::from(
        "/**\n * The kinds of plates and what was issued on each, written by `tests/plate_tables.rs` from `src/plate/kind.rs`: do not\n \
         * edit, run `cargo xtask bless`.\n * @module\n */\n\n",
    );
    out += "/** The kinds of plates. */\nexport const PLATE_KINDS = [\n";
    for kind in PlateKind::ALL {
        writeln!(out, "  '{kind}',").unwrap();
    }
    out += "] as const;\n\n/** The 17 provinces and metropolitan cities, as plates name them. */\n";
    let of_class = |class| names(Label::all().filter(move |label| label.class() == class));
    writeln!(
        out,
        "export const REGIONS: readonly string[] = /* @__PURE__ */ {};",
        words(&of_class(LabelClass::Region))
    )
    .unwrap();
    writeln!(
        out,
        "\n/** What may stand between the parts of a text, or where nobody sees it: white space, dashes, dots, underscores, \
         characters of no width. @internal */\nexport const SEPARATORS = /[{}]/gu;",
        separators()
    )
    .unwrap();
    out += "\n/**\n * What was issued: each row is one pattern of texts, any region with any class code, letter and serial of it. Columns:\n \
            * index of the kind; regions, space-separated, or 0 for all and '' for none; digits of the class code; its first and\n \
            * last value; letters, space-separated; digits of the serial; its first and last value.\n * @internal\n */\n";
    out += "export const FORMATS: readonly (readonly [\n  kind: number,\n  regions: string | 0,\n  classDigits: number,\n  \
            classFirst: number,\n  classLast: number,\n  letters: string,\n  serialDigits: number,\n  serialFirst: number,\n  \
            serialLast: number,\n])[] = [\n";
    let all = of_class(LabelClass::Region);
    for kind in PlateKind::ALL {
        for format in kind.formats() {
            let regions = names(format.regions());
            let regions = if regions == all { "0".to_owned() } else { format!("'{}'", regions.join(" ")) };
            let (codes, serials) = (format.class_codes(), format.serials());
            writeln!(
                out,
                "  [{}, {regions}, {}, {}, {}, '{}', {}, {}, {}],",
                kind.index(),
                format.class_digits(),
                codes.start(),
                codes.end(),
                names(format.letters()).join(" "),
                format.serial_digits(),
                serials.start(),
                serials.end(),
            )
            .unwrap();
        }
    }
    out + "];\n"
}

/// The page's source: the ink of every character of every kind whose arrangement is known.
fn cells() -> String {
    let mut out = String::from(
        "// Where the characters of each kind of plate stand, written by `tests/plate_tables.rs` from `src/plate/layout.rs`: do not edit, \
         run\n// `cargo xtask bless`. Millimetres: of each kind its size, and for texts of so many characters the ink of each, x, y, width \
         and\n// height; a region has two.\n\nexport const CELLS = {\n",
    );
    for kind in PlateKind::ALL {
        let mut texts = BTreeMap::new();
        let mut size = None;
        for format in kind.formats() {
            let first = |labels: Vec<&'static str>| labels.first().copied().unwrap_or_default();
            let (region, letter) = (first(names(format.regions())), first(names(format.letters())));
            let (class, serial) = (*format.class_codes().start(), *format.serials().start());
            let [class_digits, serial_digits] = [format.class_digits(), format.serial_digits()];
            let class = if class_digits > 0 { format!("{class:0class_digits$}") } else { String::new() };
            let text = PlateText::parse(&format!("{region}{class}{letter}{serial:0serial_digits$}")).unwrap();
            let Some(layout) = Layout::of(kind, &text) else { continue };
            size = Some(layout.size);
            let mut characters: Vec<Vec<[f32; 4]>> = vec![Vec::new(); text.labels().len()];
            for glyph in layout.glyphs(&text) {
                characters[glyph.character].push(glyph.cell.map(|side| (side * 10.0).round() / 10.0));
            }
            // As JavaScript writes it, too.
            texts.insert(characters.len(), format!("{characters:?}").replace(".0", ""));
        }
        let Some([width, height]) = size else { continue };
        writeln!(out, "  '{kind}': {{\n    size: [{width}, {height}],\n    texts: {{").unwrap();
        texts.into_iter().for_each(|(count, cells)| writeln!(out, "      {count}: {cells},").unwrap());
        out += "    },\n  },\n";
    }
    out + "};\n"
}

/// The separators as ranges of a regular expression's class.
fn separators() -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in ('\0'..=char::MAX).filter(|&c| is_separator(c)).map(u32::from) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == c => *last = c,
            _ => ranges.push((c, c)),
        }
    }
    let range = |(first, last)| match first == last {
        true => format!("\\u{{{first:x}}}"),
        false => format!("\\u{{{first:x}}}-\\u{{{last:x}}}"),
    };
    ranges.into_iter().map(range).collect()
}

fn words(names: &[&str]) -> String {
    format!("'{}'.split(' ')", names.join(" "))
}

#[test]
fn cases_for_the_typescript_grammar() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut cases = Vec::with_capacity(CASES);
    while cases.len() < CASES {
        let mut text = issued(&mut random);
        for _ in 0..random.below(3) {
            text = mutated(&text, &mut random);
        }
        cases.push(verdict(&text));
        if random.below(4) == 0 {
            cases.push(verdict(&hidden(&text, &mut random)));
        }
    }
    for text in [
        "",
        " ",
        "12가",
        "12가34567",
        "１２가3456",
        "12\u{ac00}3456",
        "12\u{1100}\u{1161}3456",
        "서울",
        "😀",
        "12가345٣",
        "\u{feff}１２가３４５６",
        "12–가3456",
        "12_가.3456",
        "12가\u{200b}3456",
        "1?가3456",
        "？?바3456",
    ] {
        cases.push(verdict(text));
    }
    let valid = cases.iter().filter(|case| !case["plate"].is_null()).count();
    assert!(valid * 4 > cases.len() && valid * 4 < 3 * cases.len(), "{valid} of {} texts are valid", cases.len());
    let file = target("plate-cases.json");
    fs::write(&file, serde_json::to_vec(&cases).unwrap()).unwrap();
}

/// What this grammar says to a text.
fn verdict(text: &str) -> Value {
    let plate = PlateText::parse(text).ok().map(|plate| {
        json!({
            "text": plate.to_string(),
            "spaced": plate.spaced(),
            "region": plate.region().map(Label::name),
            "classCode": match plate.class_digits() {
                0 => String::new(),
                width => format!("{:0width$}", plate.class_code()),
            },
            "use": plate.letter().name(),
            "serial": plate.serial().iter().map(u8::to_string).collect::<String>(),
            "kinds": plate.kinds().map(PlateKind::name).collect::<Vec<_>>(),
        })
    });
    let partial = PartialText::parse(text).ok().map(|partial| {
        json!({
            "text": partial.to_string(),
            "spaced": partial.spaced(),
            "complete": partial.complete().is_some(),
            "kinds": partial.kinds().map(PlateKind::name).collect::<Vec<_>>(),
            "matches": MATCHED.map(|text| partial.matches(&PlateText::parse(text).unwrap())),
        })
    });
    json!({ "input": text, "plate": plate, "partial": partial })
}

/// Texts that partial ones are compared with.
const MATCHED: [&str; 3] = ["12가3456", "123가4567", "서울12바3456"];

/// The text with characters replaced by `?`.
fn hidden(text: &str, random: &mut Random) -> String {
    let hide = |c: char| if random.below(3) == 0 { '?' } else { c };
    text.chars().map(hide).collect()
}

/// A text that a plate can carry.
fn issued(random: &mut Random) -> String {
    let kind = PlateKind::ALL[random.below(PlateKind::ALL.len())];
    let format = kind.formats()[random.below(kind.formats().len())];
    let regions = names(format.regions());
    let letters = names(format.letters());
    let codes: Vec<u16> = format.class_codes().collect();
    let (digits, serials) = (format.serial_digits(), format.serials());
    let (first, last) = (*serials.start(), *serials.end());
    let mut text = if regions.is_empty() { String::new() } else { random.pick(&regions).to_string() };
    if format.class_digits() > 0 {
        write!(text, "{:0width$}", random.pick(&codes), width = format.class_digits()).unwrap();
    }
    text += random.pick::<&str>(&letters);
    write!(text, "{:0digits$}", first + random.below((last - first + 1) as usize) as u32).unwrap();
    text
}

/// The text with a character exchanged, added or left out, its parts moved or written in another way.
fn mutated(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let all: Vec<&str> =
        Label::all().map(Label::name).chain([" ", "-", "·", "\u{3000}", "X", "힣", "　", "\n"]).collect();
    let piece: Vec<char> = random.pick::<&str>(&all).chars().collect();
    let at = random.below(characters.len() + 1);
    match random.below(5) {
        0 if at < characters.len() => drop(characters.splice(at..=at, piece)),
        1 if at < characters.len() => drop(characters.remove(at)),
        2 => drop(characters.splice(at..at, piece)),
        3 if !characters.is_empty() => {
            let by = at % characters.len();
            characters.rotate_left(by);
        }
        // Decomposed Hangul, as macOS writes file names.
        _ => {
            use unicode_normalization::UnicodeNormalization;
            characters = characters.into_iter().nfd().collect();
        }
    }
    characters.into_iter().collect()
}

/// A small generator, so that every run tries the same texts: xorshift64 (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) % end as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
