#![allow(clippy::unwrap_used)]

use kr_lpr::labels::{Label, LabelClass};
use tiny_skia::Transform;

use super::*;

/// Inked area in mm², on a grid of 4 px/mm with 2 mm of margin.
fn area(glyph: &Glyph, style: &GlyphStyle) -> f64 {
    let (width, height) = ((style.width_mm + 4.0) * 4.0, (style.height_mm + 4.0) * 4.0);
    let transform = Transform::from_translate(2.0, 2.0).post_scale(4.0, 4.0);
    let mask = coverage(&glyph.path(style), transform, width.ceil() as u32, height.ceil() as u32).unwrap();
    mask.data().iter().map(|&c| f64::from(c)).sum::<f64>() / 255.0 / 16.0
}

#[test]
fn the_current_face_has_every_digit_and_letter() {
    let glyphs = Glyphs::load().unwrap();
    let missing: Vec<&str> = Label::all()
        .filter(|label| {
            let class = label.class();
            matches!(class, LabelClass::Digit | LabelClass::Private | LabelClass::Rental | LabelClass::Commercial)
        })
        .map(Label::name)
        .filter(|name| glyphs.get(Face::Plate2006, name).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(glyphs.iter(Face::Plate2006).count(), 50);
}

/// Ink boxes of the drawings in annex 2-1, mm: left bearing, width, top margin, height.
#[test]
fn ink_boxes_are_those_of_the_regulation() {
    let glyphs = Glyphs::load().unwrap();
    let cases: [(&str, [f64; 4]); 22] = [
        ("0", [7.6, 40.9, 4.1, 74.8]),
        ("1", [10.6, 25.7, 4.3, 74.2]),
        ("2", [7.9, 40.1, 3.8, 74.8]),
        ("3", [6.8, 42.3, 5.7, 73.3]),
        ("4", [4.0, 48.1, 4.6, 74.0]),
        ("5", [7.4, 42.5, 5.4, 73.9]),
        ("6", [5.7, 44.6, 4.7, 74.6]),
        ("7", [5.8, 44.4, 5.2, 73.0]),
        ("8", [6.0, 44.0, 4.1, 74.9]),
        ("9", [5.6, 43.6, 4.1, 74.0]),
        ("가", [7.0, 45.9, 10.4, 64.8]),
        ("나", [7.0, 46.9, 10.4, 64.8]),
        ("라", [7.0, 46.8, 10.4, 64.8]),
        ("거", [7.0, 45.8, 10.4, 64.8]),
        ("서", [7.0, 46.8, 10.4, 64.8]),
        ("버", [7.0, 46.8, 10.4, 64.8]),
        ("보", [7.0, 46.8, 10.4, 64.8]),
        ("소", [6.8, 47.3, 10.4, 64.8]),
        ("우", [7.0, 46.8, 10.4, 64.8]),
        ("주", [7.0, 46.8, 10.4, 65.0]),
        ("하", [7.0, 47.8, 9.0, 64.8]),
        ("허", [7.0, 46.8, 10.4, 64.8]),
    ];
    for (name, [left, width, top, height]) in cases {
        let ink = glyphs.get(Face::Plate2006, name).unwrap().ink;
        for (actual, expected) in [(ink.x0, left), (ink.width(), width), (ink.y0, top), (ink.height(), height)] {
            assert!((actual - expected).abs() <= 0.5, "{name}: {ink:?}");
        }
    }
}

#[test]
fn outlines_fill_their_ink_box_at_any_size_and_weight() {
    let glyphs = Glyphs::load().unwrap();
    for face in Face::ALL {
        for (name, glyph) in glyphs.iter(face) {
            let (width, height) = glyph.ink();
            for (wide, tall, weight) in [(1.0, 1.0, 1.0), (0.78, 1.0, 0.85), (1.3, 0.6, 1.15)] {
                let style = GlyphStyle { weight, ..GlyphStyle::new(width * wide, height * tall) };
                let bounds = glyph.path(&style).bounds();
                let [left, top] = [bounds.left(), bounds.top()];
                let [right, bottom] = [style.width_mm - bounds.right(), style.height_mm - bounds.bottom()];
                // A slanted foot, as of ㅅ, turns when the glyph is stretched and may then stop short of the edge.
                let most = if wide == tall { 0.5 } else { 1.5 };
                for gap in [left, top, right, bottom] {
                    assert!((-0.01..most).contains(&gap), "{} {name} at {style:?}: {bounds:?}", face.name());
                }
            }
        }
    }
}

#[test]
fn weight_adds_ink_and_rounding_takes_a_little_away() {
    let glyphs = Glyphs::load().unwrap();
    for face in Face::ALL {
        for (name, glyph) in glyphs.iter(face) {
            let (width, height) = glyph.ink();
            let plain = GlyphStyle::new(width, height);
            let areas = [0.85, 1.0, 1.15].map(|weight| area(glyph, &GlyphStyle { weight, ..plain }));
            // A plain 1 is a bar that fills its box at any weight.
            let least = if glyph.stem() > 0.0 { 1.02 } else { 1.0 };
            assert!(areas[0] * least <= areas[1] && areas[1] * least <= areas[2], "{} {name}: {areas:?}", face.name());
            let rounded = area(glyph, &GlyphStyle { corner_radius_mm: 1.5, ..plain });
            assert!(rounded <= areas[1] && rounded > 0.95 * areas[1], "{} {name}: {rounded}", face.name());
        }
    }
}

#[test]
fn a_narrow_box_keeps_the_stroke() {
    let glyphs = Glyphs::load().unwrap();
    let one = glyphs.get(Face::Plate2006, "1").unwrap();
    // Only the stem reaches the lower half, so its ink there is stem times height.
    let lower_half = |style: &GlyphStyle| {
        let transform = Transform::from_translate(0.0, -style.height_mm / 2.0).post_scale(8.0, 8.0);
        let size = ((style.width_mm * 8.0).ceil() as u32, (style.height_mm * 4.0).ceil() as u32);
        let mask = coverage(&one.path(style), transform, size.0, size.1).unwrap();
        mask.data().iter().map(|&c| f64::from(c)).sum::<f64>() / 255.0 / 64.0 / f64::from(style.height_mm / 2.0)
    };
    let (width, height) = one.ink();
    let wide = lower_half(&GlyphStyle::new(width, height));
    let narrow = lower_half(&GlyphStyle::new(width * 0.8, height));
    assert!((wide - 9.7).abs() < 0.1 && (narrow - wide).abs() < 0.1, "{wide} {narrow}");
    let set = lower_half(&GlyphStyle { stroke_mm: Some(7.0), ..GlyphStyle::new(width, height) });
    assert!((set - 7.0 * 9.7 / 9.5).abs() < 0.1, "{set}");
}

#[test]
fn dense_letters_keep_their_gaps() {
    let glyphs = Glyphs::load().unwrap();
    // A row across both vowel stems of 배 and the bare upper stems of ㅂ: four strokes, three gaps.
    let bae = glyphs.get(Face::Plate2006, "배").unwrap();
    for (width, height, weight) in [(52.7, 60.0, 1.0), (52.7, 60.0, 1.15), (40.0, 66.0, 1.1)] {
        let style = GlyphStyle { weight, ..GlyphStyle::new(width, height) };
        let size = ((width * 8.0) as u32, (height * 8.0) as u32);
        let mask = coverage(&bae.path(&style), Transform::from_scale(8.0, 8.0), size.0, size.1).unwrap();
        let row = &mask.data()[(size.1 / 5 * size.0) as usize..][..size.0 as usize];
        let edges = row.windows(2).filter(|pair| (pair[0] > 127) != (pair[1] > 127)).count();
        assert!((6..=8).contains(&edges), "{edges} edges at {style:?}");
    }
}

#[test]
fn fitting_keeps_a_letter_in_its_place_in_the_block() {
    let glyphs = Glyphs::load().unwrap();
    let ga = glyphs.get(Face::Plate2006, "가").unwrap();
    let InkBox { x, y, width, height } = ga.fit(100.0, 20.0, 46.8, 64.8);
    assert!((x - 99.6).abs() < 0.01 && (y - 20.0).abs() < 0.01, "{x} {y}");
    assert!((width - ga.ink().0).abs() < 0.01 && (height - 64.8).abs() < 0.01, "{width} {height}");
}

#[test]
fn a_bad_asset_is_refused() {
    let glyph = |body: &str| format!(r#"{{"face":"f","source":"s","glyphs":[{body}]}}"#);
    let head = r#""name":"1","block":[0,0,9,9],"ink":[0,0,9,9]"#;
    let good = format!(r#"{{{head},"parts":[{{"stroke":"M1 1 V8","pen":[2,2]}}]}}"#);
    assert_eq!(asset::parse(&glyph(&good)).unwrap().len(), 1);
    let cases = [
        ("twice", format!("{good},{good}")),
        ("no parts", format!(r#"{{{head},"parts":[]}}"#)),
        ("no pen", format!(r#"{{{head},"parts":[{{"stroke":"M1 1 V8"}}]}}"#)),
        ("thin pen", format!(r#"{{{head},"parts":[{{"stroke":"M1 1 V8","pen":[0,2]}}]}}"#)),
        ("point", format!(r#"{{{head},"parts":[{{"fill":"M1 1"}}]}}"#)),
        ("path", format!(r#"{{{head},"parts":[{{"fill":"draw"}}]}}"#)),
        ("key", format!(r#"{{{head},"parts":[{{"fill":"M1 1 H2 V2 Z","weight":1}}]}}"#)),
    ];
    for (case, body) in cases {
        assert!(asset::parse(&glyph(&body)).is_err(), "{case}");
    }
}

#[test]
fn the_sheet_shows_every_glyph() {
    let sheet = sheet(&Glyphs::load().unwrap(), Face::Plate2006);
    assert_eq!(sheet.dimensions(), (1600, 1200));
    assert!(sheet.pixels().filter(|p| p.0[0] == 0).count() > 50_000);
}
