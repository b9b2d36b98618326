#![allow(clippy::unwrap_used)]

mod hidden;
mod pace;

use super::*;
use crate::labels::Label;
use crate::plate::PlateText;
use proptest::prelude::*;

fn labels(text: &str) -> Vec<Label> {
    match PlateText::parse(text) {
        Ok(text) => text.labels(),
        Err(_) => text.chars().map(|c| Label::from_name(&c.to_string()).unwrap()).collect(),
    }
}

fn guess(label: Label, confidence: f32) -> CharGuess {
    CharGuess { label, confidence, alternatives: vec![] }
}

/// A plate 100 pixels wide with its top-left corner at `x, y`.
fn seen(x: f32, y: f32, text: &str, confidence: f32) -> Observation {
    let each = confidence.powf(1.0 / 7.0);
    let chars = labels(text).into_iter().map(|label| guess(label, each)).collect();
    Observation::new(Quad::rect(x, y, 100.0, 25.0).unwrap(), confidence, chars).unwrap()
}

/// Frames 40 ms apart: for each frame what was read, at which x and with which confidence.
fn follow(frames: &[Vec<Observation>]) -> Vec<Tracks> {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let push =
        |(frame, observations): (usize, &Vec<Observation>)| tracker.push(40.0 * frame as f64, observations).unwrap();
    frames.iter().enumerate().map(push).collect()
}

/// The readings of one plate that moves six pixels a frame.
fn ride(texts: &[(&str, f32)]) -> Vec<Tracks> {
    let frame =
        |(frame, &(text, confidence)): (usize, &(&str, f32))| vec![seen(6.0 * frame as f32, 50.0, text, confidence)];
    follow(&texts.iter().enumerate().map(frame).collect::<Vec<_>>())
}

fn last(tracks: &[Tracks]) -> &Tracks {
    tracks.last().unwrap()
}

#[test]
fn a_plate_that_reads_the_same_is_soon_certain() {
    let tracks = ride(&[("12가3456", 0.95); 10]);
    let confirmed = tracks.iter().position(|tracks| tracks.confirmed().next().is_some()).unwrap();
    assert!((2..=4).contains(&confirmed), "confirmed in frame {confirmed}");
    let track = &last(&tracks).tracks[0];
    assert_eq!((track.id, &*track.text, track.sightings, track.valid), (1, "12가3456", 10, true));
    assert_eq!((track.first_seen, track.last_seen), (0.0, 360.0));
    assert_eq!(track.confirmed_at, Some(40.0 * confirmed as f64));
    assert!(track.confidence > 0.99 && track.agreeing == track.votes && track.votes > 9.0, "{track:?}");
    assert!(track.chars.iter().all(|guess| guess.confidence > 0.99));
}

#[test]
fn what_one_frame_says_is_never_certain() {
    for confidence in [0.1, 0.9, 1.0] {
        let tracks = ride(&[("12가3456", confidence)]);
        assert_eq!(last(&tracks).tracks[0].state, TrackState::Tentative);
    }
    // However often the same picture comes.
    let frames = vec![vec![seen(10.0, 10.0, "12가3456", 1.0)]; 1000];
    assert!(follow(&frames).iter().all(|tracks| tracks.confirmed().count() == 0 && tracks.tracks.len() == 1));
}

#[test]
fn frames_that_are_wrong_are_outvoted() {
    let (right, wrong) = ("12가3456", ["12가8456", "12나3456", "13가3456", "12가3466"]);
    let mut texts = Vec::new();
    for wrong in wrong {
        texts.extend([(wrong, 0.7), (right, 0.8), (right, 0.8)]);
    }
    let tracks = ride(&texts);
    let track = &last(&tracks).tracks[0];
    assert_eq!((last(&tracks).tracks.len(), &*track.text, track.state), (1, right, TrackState::Confirmed));
    assert!((track.agreeing, track.votes) == (8.0, 12.0), "{track:?}");
    for tracks in &tracks {
        assert!(tracks.confirmed().all(|track| track.text == right));
    }
    let rivals: Vec<Label> = track.chars[2].alternatives.iter().map(|&(label, _)| label).collect();
    assert!(rivals.is_empty() || rivals[0] == labels("나")[0], "{rivals:?}");
}

#[test]
fn alternatives_count() {
    // Three frames read 3, unsure; the fourth is sure of 8, which the others thought nearly as probable.
    let unsure = |x: f32, best: &str, other: &str, p: f32| {
        let mut chars: Vec<CharGuess> = labels("12가3456").into_iter().map(|label| guess(label, 0.999)).collect();
        let alternatives = vec![(labels(other)[0], 0.99 - p)];
        chars[3] = CharGuess { label: labels(best)[0], confidence: p, alternatives };
        Observation::new(Quad::rect(x, 0.0, 100.0, 25.0).unwrap(), p, chars).unwrap()
    };
    let frames: Vec<_> = (0..3).map(|i| vec![unsure(6.0 * i as f32, "3", "8", 0.52)]).collect();
    assert_eq!(last(&follow(&frames)).tracks[0].text, "12가3456");
    let frames: Vec<_> = frames.into_iter().chain([vec![unsure(18.0, "8", "3", 0.98)]]).collect();
    let tracks = follow(&frames);
    let track = &last(&tracks).tracks[0];
    assert_eq!((&*track.text, track.state), ("12가8456", TrackState::Tentative));
    assert_eq!(track.chars[3].alternatives[0].0, labels("3")[0]);
}

#[test]
fn a_character_that_is_missed_at_times_is_there() {
    let tracks = ride(&[
        ("23가4567", 0.5),
        ("123가4567", 0.8),
        ("123가467", 0.4),
        ("123가4567", 0.8),
        ("23가4567", 0.5),
        ("123가4567", 0.95),
        ("123가4567", 0.95),
        ("123가4567", 0.95),
        ("123가4567", 0.95),
        ("123가4567", 0.95),
    ]);
    let track = &last(&tracks).tracks[0];
    assert_eq!((last(&tracks).tracks.len(), &*track.text, track.state), (1, "123가4567", TrackState::Confirmed));
    assert_eq!(track.votes, 10.0);
}

#[test]
fn only_what_a_plate_can_carry_is_confirmed() {
    // Commercial letters stand with a region, so a 바 here is something that looks like it.
    let mut chars: Vec<CharGuess> = labels("12바3456").into_iter().map(|label| guess(label, 0.99)).collect();
    chars[2] = CharGuess { alternatives: vec![(labels("마")[0], 0.2)], ..guess(labels("바")[0], 0.7) };
    let frames: Vec<_> = (0..12)
        .map(|i| {
            vec![Observation::new(Quad::rect(6.0 * i as f32, 0.0, 100.0, 25.0).unwrap(), 0.6, chars.clone()).unwrap()]
        })
        .collect();
    for tracks in follow(&frames) {
        assert_eq!((&*tracks.tracks[0].text, tracks.tracks[0].valid), ("12마3456", true));
        assert_eq!(tracks.confirmed().count(), 0, "no frame has read it");
    }
    let tracks = ride(&[("12가345", 0.99); 12]);
    assert!(tracks.iter().all(|tracks| tracks.confirmed().count() == 0));
    assert_eq!((&*last(&tracks).tracks[0].text, last(&tracks).tracks[0].valid), ("12가345", false));
}

#[test]
fn flicker_is_never_certain() {
    let texts = ["12가3456", "98허7777", "41노9023", "70무1122", "33버5801", "06러2468"];
    // At one place, and at a new place each time.
    for far in [0.0, 170.0] {
        let frame = |i: usize| vec![seen(20.0 + far * (i % 5) as f32, 50.0 + (i % 3) as f32, texts[i % 6], 0.6)];
        let frames: Vec<_> = (0..60).map(frame).collect();
        for tracks in follow(&frames) {
            assert_eq!(tracks.confirmed().count(), 0, "{:?}", tracks.confirmed().next());
        }
    }
}

#[test]
fn cars_that_cross_keep_their_plates() {
    // They meet in frame 15, where for five frames one hides the other; the one in front is to the right at the end.
    let (left, right) = ("12가3456", "398호7712");
    let frame = |i: usize| {
        let (a, b) = (seen(12.0 * i as f32, 50.0, left, 0.8), seen(360.0 - 12.0 * i as f32, 54.0, right, 0.8));
        match i {
            13..18 => vec![b],
            _ if i.is_multiple_of(2) => vec![a, b],
            _ => vec![b, a],
        }
    };
    let tracks = follow(&(0..30).map(frame).collect::<Vec<_>>());
    for tracks in &tracks {
        let (a, b) = (&tracks.tracks[0], &tracks.tracks[1]);
        assert_eq!((tracks.tracks.len(), a.id, &*a.text, b.id, &*b.text), (2, 1, left, 2, right));
    }
    let end = &last(&tracks).tracks;
    assert!(end.iter().all(|track| track.state == TrackState::Confirmed));
    assert!(end[0].quad.corners()[0].x > end[1].quad.corners()[0].x);
}

#[test]
fn tracks_name_what_they_were_seen_as() {
    let (upper, lower) = (|| seen(10.0, 50.0, "12가3456", 0.9), || seen(10.0, 300.0, "34나5678", 0.9));
    let frames = [vec![upper(), lower()], vec![lower(), upper()], vec![lower()], vec![], vec![upper(), lower()]];
    let seen_as: Vec<Vec<_>> =
        follow(&frames).iter().map(|tracks| tracks.tracks.iter().map(|track| track.observation).collect()).collect();
    let expected = [[Some(0), Some(1)], [Some(1), Some(0)], [None, Some(0)], [None, None], [Some(0), Some(1)]];
    assert_eq!(seen_as, expected);
}

#[test]
fn two_cars_side_by_side_are_two() {
    let frame = |i: usize| {
        let x = 10.0 * i as f32;
        vec![seen(x, 50.0, "12가3456", 0.5), seen(x + 150.0, 50.0, "12가3457", 0.5)]
    };
    let tracks = follow(&(0..20).map(frame).collect::<Vec<_>>());
    let end = &last(&tracks).tracks;
    assert_eq!((end.len(), &*end[0].text, &*end[1].text), (2, "12가3456", "12가3457"));
}

#[test]
fn a_car_that_takes_anothers_place_is_another() {
    let mut frames: Vec<_> = (0..8).map(|i| vec![seen(100.0 + i as f32 * 3.0, 50.0, "12가3456", 0.9)]).collect();
    frames.extend((0..8).map(|i| vec![seen(100.0 + i as f32 * 3.0, 50.0, "398호7712", 0.9)]));
    let tracks = follow(&frames);
    let end = &last(&tracks).tracks;
    assert_eq!((end.len(), &*end[0].text, &*end[1].text), (2, "12가3456", "398호7712"));
}

#[test]
fn lost_found_and_forgotten() {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    for i in 0..8 {
        tracker.push(40.0 * f64::from(i), &[seen(5.0 * i as f32, 50.0, "12가3456", 0.9)]).unwrap();
    }
    let mut state = |now: f64, observations: &[Observation]| {
        let tracks = tracker.push(now, observations).unwrap().tracks;
        tracks.into_iter().map(|track| (track.id, track.state)).collect::<Vec<_>>()
    };
    assert_eq!(state(780.0, &[]), [(1, TrackState::Confirmed)]);
    assert_eq!(state(781.0, &[]), [(1, TrackState::Lost)]);
    // Found again, near where it was and somewhere else.
    assert_eq!(state(2000.0, &[seen(60.0, 55.0, "12가3456", 0.9)]), [(1, TrackState::Confirmed)]);
    let away = |x: f32| [seen(x, 400.0, "12가3456", 0.9)];
    assert_eq!(state(2700.0, &away(5000.0)).last(), Some(&(2, TrackState::Tentative)));
    assert_eq!(state(2740.0, &away(5004.0)), [(1, TrackState::Confirmed)]);
    assert_eq!(state(5740.0, &[]), [(1, TrackState::Lost)]);
    assert_eq!(state(5741.0, &[]), []);
    assert_eq!(state(5800.0, &away(5000.0)), [(3, TrackState::Tentative)]);
    // What was seen once is not waited for.
    assert_eq!(state(6301.0, &[]), []);
}

#[test]
fn a_second_outline_of_a_plate_is_left_out() {
    for i in 0..10 {
        let text = if i % 2 == 0 { "12가3456" } else { "12나3456" };
        let frames: Vec<_> = (0..10)
            .map(|i| vec![seen(5.0 * i as f32, 50.0, "12가3456", 0.9), seen(5.0 * i as f32 + 4.0, 52.0, text, 0.6)])
            .collect();
        for tracks in follow(&frames) {
            assert_eq!((tracks.tracks.len(), tracks.ignored), (1, 1));
        }
    }
}

#[test]
fn sharp_frames_count_for_more() {
    let frames = |sharp: [f32; 2]| {
        let frame = |i: usize| {
            let (text, sharpness) = if i < 5 { ("12가3456", sharp[0]) } else { ("12가8456", sharp[1]) };
            vec![seen(6.0 * i as f32, 0.0, text, 0.8).with_sharpness(sharpness).unwrap()]
        };
        last(&follow(&(0..8).map(frame).collect::<Vec<_>>())).tracks[0].text.clone()
    };
    assert_eq!(frames([10.0, 10.0]), "12가3456");
    assert_eq!(frames([2.0, 20.0]), "12가8456");
    assert_eq!(frames([0.0, 0.0]), "12가3456");
}

/// The readings of a plate of `width` pixels that moves by a twentieth of that a frame, as `follow` takes them.
fn sized(text: &str, confidence: f32, width: f32, frames: std::ops::Range<usize>) -> Vec<Vec<Observation>> {
    let chars = seen(0.0, 0.0, text, confidence).chars().to_vec();
    let one = |i: usize| {
        let quad = Quad::rect(0.05 * width * i as f32, 50.0, width, width / 4.0).unwrap();
        vec![Observation::new(quad, confidence, chars.clone()).unwrap()]
    };
    frames.map(one).collect()
}

#[test]
fn a_small_plate_takes_more_frames() {
    // A third, half and all of the pixels that a look needs to count in full, and far more than those.
    let frames = [45.0, 55.0, 78.0, 200.0].map(|width| {
        let tracks = follow(&sized("12가3456", 0.95, width, 0..30));
        tracks.iter().position(|tracks| tracks.confirmed().next().is_some()).unwrap() + 1
    });
    assert_eq!(frames, [13, 9, 5, 5]);
    assert!(last(&follow(&sized("12가3456", 0.95, 20.0, 0..30))).confirmed().next().is_none());
}

#[test]
fn what_is_sharp_later_is_believed_before_what_was_small() {
    // From afar the network takes one letter for another in every frame alike.
    let frame = |i: i32| {
        let width = 30.0 * 1.08_f32.powi(i);
        let text = if width < 55.0 { "12나3456" } else { "12가3456" };
        let quad = Quad::rect(200.0 - width / 2.0, 50.0, width, width / 4.0).unwrap();
        vec![Observation::new(quad, 0.95, seen(0.0, 0.0, text, 0.95).chars().to_vec()).unwrap()]
    };
    let tracks = follow(&(0..20).map(frame).collect::<Vec<_>>());
    assert_eq!(tracks[7].tracks[0].text, "12나3456");
    assert!(tracks.iter().flat_map(Tracks::confirmed).all(|track| track.text == "12가3456"));
    assert_eq!((last(&tracks).tracks.len(), last(&tracks).confirmed().count()), (1, 1));
}

#[test]
fn looks_that_waver_alike_are_not_certain_however_many() {
    let look = |i: usize, p: f32| {
        let mut chars: Vec<CharGuess> = labels("12가3456").into_iter().map(|label| guess(label, 0.9999)).collect();
        chars[2] = CharGuess { alternatives: vec![(labels("나")[0], 0.99 - p)], ..guess(labels("가")[0], p) };
        vec![Observation::new(Quad::rect(6.0 * i as f32, 0.0, 100.0, 25.0).unwrap(), p, chars).unwrap()]
    };
    let mut frames: Vec<_> = (0..60).map(|i| look(i, 0.71)).collect();
    assert!(follow(&frames).iter().all(|tracks| tracks.confirmed().next().is_none()));
    frames.extend((60..80).map(|i| look(i, 0.97)));
    assert_eq!(last(&follow(&frames)).tracks[0].state, TrackState::Confirmed);
}

#[test]
fn what_every_look_doubts_is_not_certain() {
    let doubted = vec![("12가3456", 0.6); 40];
    assert!(ride(&doubted).iter().all(|tracks| tracks.confirmed().next().is_none()));
    let tracks = ride(&[doubted, vec![("12가3456", 0.9)]].concat());
    assert_eq!(last(&tracks).tracks[0].state, TrackState::Confirmed);
}

#[test]
fn kind_is_one_that_may_carry_the_text() {
    let kinds = [(PlateKind::Ev, 0.9), (PlateKind::Corporate, 0.9), (PlateKind::Corporate, 0.9), (PlateKind::Ev, 0.5)];
    let frame = |(i, (kind, p)): (usize, (PlateKind, f32))| {
        vec![seen(6.0 * i as f32, 0.0, "12가3456", 0.9).with_kind(kind, p).unwrap()]
    };
    let tracks = follow(&kinds.into_iter().enumerate().map(frame).collect::<Vec<_>>());
    assert_eq!(last(&tracks).tracks[0].kind, Some(PlateKind::Ev), "no corporate plate has two digits first");
    assert_eq!(last(&ride(&[("12가3456", 0.9)])).tracks[0].kind, None);
}

#[test]
fn clocks_may_stand_and_jump_but_not_stutter() {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let plate = [seen(0.0, 0.0, "12가3456", 0.9)];
    for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(matches!(tracker.push(now, &plate), Err(TrackError::NotATimestamp(_))));
    }
    assert_eq!(tracker.push(-1e9, &plate).unwrap().tracks[0].id, 1);
    // A huge gap: everything is forgotten.
    assert_eq!(tracker.push(1000.0, &plate).unwrap().tracks[0].id, 2);
    assert_eq!(tracker.push(1000.0, &plate).unwrap().tracks[0].sightings, 2);
    assert_eq!(tracker.push(999.0, &plate), Err(TrackError::OutOfOrder { timestamp: 999.0, last: 1000.0 }));
    assert_eq!(tracker.push(1040.0, &plate).unwrap().tracks[0].sightings, 3);
    // A video that begins again.
    let again = tracker.push(0.0, &plate).unwrap();
    assert_eq!((again.restarted, again.tracks[0].id, again.tracks[0].sightings), (true, 3, 1));
    assert!(!tracker.push(40.0, &plate).unwrap().restarted);
    tracker.reset();
    let fresh = tracker.push(-5.0, &plate).unwrap();
    assert_eq!((fresh.restarted, fresh.tracks.len(), fresh.tracks[0].id), (false, 1, 4));
}

#[test]
fn many_plates_at_once_are_followed_and_memory_is_bounded() {
    let mut tracker = Tracker::new(TrackOptions { max_tracks: 50, ..TrackOptions::default() }).unwrap();
    let place = |i: usize, frame: usize| (250.0 * (i % 10) as f32 + 3.0 * frame as f32, 120.0 * (i / 10) as f32);
    let texts: Vec<String> = (0..100).map(|i| format!("{:02}가{:04}", 10 + i % 60, 1234 + 91 * i)).collect();
    for frame in 0..10 {
        let all = texts.iter().enumerate().map(|(i, text)| {
            let (x, y) = place(i, frame);
            seen(x, y, text, 0.9)
        });
        let tracks = tracker.push(40.0 * frame as f64, &all.collect::<Vec<_>>()).unwrap();
        assert_eq!((tracks.tracks.len(), tracks.ignored), (50, 50));
    }
    let end = tracker.push(400.0, &[]).unwrap();
    assert!(end.confirmed().map(|track| &track.text).eq(&texts[..50]));
    // A new one takes the place of one that is out of sight.
    let tracks = tracker.push(440.0, &[seen(5000.0, 0.0, "398호7712", 0.9)]).unwrap();
    assert_eq!((tracks.tracks.len(), tracks.ignored, &*tracks.tracks[49].text), (50, 0, "398호7712"));
}

#[test]
fn unread_plates_keep_their_track() {
    let mut frames: Vec<_> = (0..6).map(|i| vec![seen(5.0 * i as f32, 50.0, "12가3456", 0.9)]).collect();
    let unread = |i: usize| Observation::new(*seen(5.0 * i as f32, 50.0, "12가3456", 0.9).quad(), 0.0, vec![]).unwrap();
    frames.extend((6..40).map(|i| vec![unread(i)]));
    let tracks = follow(&frames);
    let track = &last(&tracks).tracks[0];
    assert_eq!((last(&tracks).tracks.len(), track.state, track.sightings), (1, TrackState::Confirmed, 40));
}

#[test]
fn what_was_never_read_is_nobodys_track_until_it_is() {
    let unread = |i: usize| Observation::new(*seen(5.0 * i as f32, 50.0, "12가3456", 0.9).quad(), 0.0, vec![]).unwrap();
    let mut frames: Vec<_> = (0..6).map(|i| vec![unread(i)]).collect();
    frames.extend((6..9).map(|i| vec![seen(5.0 * i as f32, 50.0, "???????", 0.9)]));
    assert!(follow(&frames).iter().all(|tracks| tracks.tracks.is_empty() && tracks.ignored == 0));
    frames.push(vec![seen(45.0, 50.0, "12가3456", 0.9)]);
    let tracks = follow(&frames);
    let [track] = &last(&tracks).tracks[..] else { panic!("{tracks:?}") };
    // It is known since it was outlined first.
    assert_eq!((track.text.as_str(), track.sightings), ("12가3456", 10));
}

#[test]
fn what_was_read_in_vain_need_not_be_read_for_a_while() {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let mut outlines = |(timestamp, text, confidence)| {
        tracker.push(timestamp, &[seen(100.0, 50.0, text, confidence)]).unwrap();
        tracker.illegible(timestamp + 33.0).len()
    };
    // Twice read, then only found, until it is time to read it again; a text that is not unlikely makes it worth reading.
    let frames = [
        (0.0, "??", 0.01),
        (33.0, "??", 0.01),
        (66.0, "", 0.0),
        (300.0, "", 0.0),
        (333.0, "", 0.0),
        (366.0, "1?", 0.01),
        (400.0, "12가3456", 0.9),
        (433.0, "12가3456", 0.9),
    ];
    assert_eq!(frames.map(&mut outlines), [0, 1, 1, 0, 0, 1, 0, 0]);

    // What was known before a clock was set back says nothing.
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    for timestamp in [9000.0, 9033.0] {
        tracker.push(timestamp, &[seen(100.0, 50.0, "??", 0.01)]).unwrap();
    }
    assert_eq!([9066.0, 100.0, f64::NAN].map(|timestamp| tracker.illegible(timestamp).len()), [1, 0, 0]);
}

#[test]
fn numbers_out_of_range_are_named() {
    let quad = Quad::rect(0.0, 0.0, 10.0, 5.0).unwrap();
    let chars = || labels("12가3456").into_iter().map(|label| guess(label, 0.9)).collect::<Vec<_>>();
    for p in [f32::NAN, -0.1, 1.1, f32::INFINITY] {
        assert!(matches!(Observation::new(quad, p, vec![]), Err(ObservationError::NotAProbability(_))));
        let mut broken = chars();
        broken[3].confidence = p;
        assert!(matches!(Observation::new(quad, 0.5, broken), Err(ObservationError::NotAProbability(_))));
        let mut broken = chars();
        broken[3].alternatives = vec![(labels("8")[0], p)];
        assert!(matches!(Observation::new(quad, 0.5, broken), Err(ObservationError::NotAProbability(_))));
        let observation = Observation::new(quad, 0.5, chars()).unwrap();
        assert!(observation.clone().with_kind(PlateKind::Ev, p).is_err());
        assert_eq!(observation.with_sharpness(p).is_ok(), p == 1.1);
    }
    assert_eq!(Observation::new(quad, 0.5, vec![guess(labels("8")[0], 0.5); 17]), Err(ObservationError::TooLong(17)));
    assert_eq!(Observation::new(quad, 0.5, vec![guess(Label::BLANK, 0.5)]), Err(ObservationError::Blank(0)));

    let good = TrackOptions::default;
    for (options, name) in [
        (TrackOptions { lost_after_ms: 0.0, ..good() }, "lost_after_ms"),
        (TrackOptions { lost_after_ms: f64::NAN, ..good() }, "lost_after_ms"),
        (TrackOptions { forget_after_ms: 499.0, ..good() }, "forget_after_ms"),
        (TrackOptions { forget_after_ms: f64::INFINITY, ..good() }, "forget_after_ms"),
        (TrackOptions { still_ms: -1.0, ..good() }, "still_ms"),
        (TrackOptions { min_agreeing: 1.0, ..good() }, "min_agreeing"),
        (TrackOptions { confirm_confidence: 1.0, ..good() }, "confirm_confidence"),
        (TrackOptions { confirm_confidence: f32::NAN, ..good() }, "confirm_confidence"),
        (TrackOptions { max_tracks: 0, ..good() }, "max_tracks"),
    ] {
        let error = Tracker::new(options).unwrap_err();
        assert!(matches!(error, TrackError::Option { name: found, .. } if found == name), "{error}");
    }
}

#[test]
fn lengths_are_those_of_the_grammar() {
    let shortest = crate::plate::GrammarState::start().labels_to_complete();
    assert_eq!(shortest, votes::LENGTHS[0]);
    for text in ["123가4567", "서울12바3456", "서울1가2345", "12가3456", "임1234"] {
        let tracks = ride(&[(text, 0.9); 8]);
        let track = &last(&tracks).tracks[0];
        assert_eq!((&*track.text, track.state), (text, TrackState::Confirmed));
    }
}

#[cfg(feature = "model")]
#[test]
fn readings_are_observations() {
    use crate::ctc::CharReading;
    let quad = Quad::rect(0.0, 0.0, 12.0, 4.0).unwrap();
    let pixels: Vec<u8> = (0..48).map(|i| i * 5).collect();
    let frame = crate::frame::Frame::new(&pixels, 12, 4, crate::frame::PixelFormat::Grey).unwrap();
    let chars = vec![CharReading {
        label: labels("1")[0],
        step: 0,
        confidence: 0.7,
        alternatives: vec![(labels("7")[0], 0.2)],
    }];
    let reading = crate::reader::Reading {
        text: "1".to_owned(),
        confidence: f32::NAN,
        log_prob: -1.0,
        valid: false,
        complete: true,
        cut: crate::geometry::Cut::default(),
        edge: crate::geometry::Cut { left: true, ..Default::default() },
        kind: PlateKind::Ev,
        kind_confidence: 0.5,
        chars,
        candidates: vec![],
        quad,
        plate: crate::rectify::rectify(&frame, &quad),
        attention: None,
        passes: 1,
    };
    let observation = Observation::from(&reading);
    assert_eq!((observation.confidence(), observation.kind()), (0.0, Some((PlateKind::Ev, 0.5))));
    assert_eq!(observation.chars()[0].alternatives, [(labels("7")[0], 0.2)]);
    assert!(observation.sharpness() > 0.0 && observation.quad() == &quad && observation.at_edge());
}

/// Anything that an observation can be.
fn observations() -> impl Strategy<Value = Observation> {
    let label = (1_usize..crate::labels::CLASS_COUNT).prop_map(|index| Label::from_index(index).unwrap());
    let number = prop_oneof![0.0_f32..=1.0, Just(0.0), Just(1.0)];
    let alternatives = prop::collection::vec((label.clone(), number.clone()), 0..4);
    let guesses = (label, number.clone(), alternatives).prop_map(|(label, confidence, alternatives)| CharGuess {
        label,
        confidence,
        alternatives,
    });
    let place = (-1e4_f32..1e4, -1e4_f32..1e4, 0.01_f32..3000.0, 0.01_f32..1000.0);
    let sharpness = prop_oneof![Just(0.0_f32), 0.0_f32..50.0, Just(f32::MAX)];
    (place, number.clone(), prop::collection::vec(guesses, 0..=MAX_CHARS), number, sharpness, 0..11_usize)
        .prop_filter_map("a rectangle that is too flat", |((x, y, w, h), confidence, chars, kind, sharpness, index)| {
            let observation = Observation::new(Quad::rect(x, y, w, h).ok()?, confidence, chars).unwrap();
            let observation = observation.with_kind(PlateKind::ALL[index], kind).unwrap();
            Some(observation.with_sharpness(sharpness).unwrap())
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics_and_every_number_is_in_range(
        frames in prop::collection::vec(
            (prop_oneof![-50.0_f64..200.0, Just(0.0), Just(-1e6), Just(1e6)], prop::collection::vec(observations(), 0..6)),
            1..30,
        ),
        repeat in 1_usize..4,
    ) {
        let options = TrackOptions { max_tracks: 8, ..TrackOptions::default() };
        let mut tracker = Tracker::new(options).unwrap();
        let mut now = 0.0;
        let mut newest = 0;
        for (step, observations) in frames {
            for _ in 0..repeat {
                now += step;
                let before = newest;
                let Ok(tracks) = tracker.push(now, &observations) else {
                    now -= step;
                    continue;
                };
                prop_assert!(tracks.tracks.len() <= 8);
                prop_assert!(tracks.tracks.is_sorted_by(|a, b| a.id < b.id));
                for track in &tracks.tracks {
                    newest = newest.max(track.id);
                    prop_assert!((0.0..=1.0 + 1e-4).contains(&track.confidence), "{track:?}");
                    prop_assert!(track.agreeing <= track.votes + 1e-3 && track.votes <= 40.0 + 1e-3, "{track:?}");
                    prop_assert!(track.chars.iter().all(|guess| (0.0..=1.0 + 1e-4).contains(&guess.confidence)));
                    prop_assert!(track.first_seen <= track.last_seen && track.last_seen <= now);
                    prop_assert!(track.id > before || !tracks.restarted);
                    if track.state == TrackState::Confirmed {
                        prop_assert!(track.valid && track.sightings > 1 && PlateText::parse(&track.text).is_ok());
                    }
                }
            }
        }
    }

    #[test]
    fn a_plate_on_its_way_is_one_track_with_its_text(
        (x, y) in (0.0_f32..500.0, 0.0_f32..500.0),
        (dx, dy) in (-0.5_f32..0.5, -0.3_f32..0.3),
        grow in 0.9995_f32..1.0008,
        gaps in prop::collection::vec(20_u16..150, 25),
        wrong in prop::collection::vec((0_usize..7, any::<u8>(), 0.0_f32..1.0), 25),
    ) {
        // One frame in four is wrong in a digit.
        let text = labels("37버8024");
        let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
        let mut now = 0.0;
        let mut tracks = Tracks::default();
        for (gap, (place, digit, chance)) in gaps.into_iter().zip(wrong) {
            now += f64::from(gap);
            let t = now as f32;
            let width = 90.0 * grow.powf(t);
            let mut read = text.clone();
            let right = chance >= 0.25 || place == 2;
            if !right {
                read[place] = Label::from_index(1 + usize::from(digit) % 10).unwrap();
            }
            let confidence: f32 = if right { 0.85 } else { 0.5 };
            let chars = read.into_iter().map(|label| guess(label, confidence.powf(1.0 / 7.0))).collect();
            let quad = Quad::rect(x + dx * t, y + dy * t, width, width / 4.5).unwrap();
            tracks = tracker.push(now, &[Observation::new(quad, confidence, chars).unwrap()]).unwrap();
            prop_assert!(tracks.confirmed().all(|track| track.text == "37버8024"), "{tracks:?}");
        }
        prop_assert_eq!(tracks.tracks.len(), 1);
        prop_assert_eq!(tracks.tracks[0].state, TrackState::Confirmed);
    }
}
