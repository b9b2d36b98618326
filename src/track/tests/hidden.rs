//! Plates of which some frames cannot see all.

use super::*;

/// A whole reading of whose characters the one at `place` may be hidden, with 3 %.
fn doubted(observation: &Observation, place: usize) -> Observation {
    let mut chars = observation.chars().to_vec();
    chars[place].alternatives = vec![(Label::UNKNOWN, 0.03)];
    Observation::new(*observation.quad(), observation.confidence(), chars).unwrap()
}

#[test]
fn frames_fill_in_what_others_cannot_see() {
    let partial = [("?2가3456", 0.9), ("12가34?6", 0.9), ("1?가3456", 0.9)];
    let tracks = ride(&partial);
    assert_eq!(tracks[0].tracks[0].text, "?2가3456");
    let track = &last(&tracks).tracks[0];
    assert_eq!((track.id, &*track.text, track.valid, track.state), (1, "12가3456", true, TrackState::Tentative));
    assert_eq!((track.votes, track.agreeing, track.hidden), (3.0, 0.0, 1.0));
    assert!(track.confidence > 0.5, "{track:?}");
    // However often they do, the text is confirmed by frames only that read it whole.
    let again: Vec<_> = partial.iter().cycle().take(60).copied().collect();
    assert!(ride(&again).iter().all(|tracks| tracks.confirmed().next().is_none()));
    let whole = ride(&[&partial[..], &[("12가3456", 0.9); 6]].concat());
    assert_eq!((&*last(&whole).tracks[0].text, last(&whole).confirmed().count()), ("12가3456", 1));
    assert!(
        ride(&[&partial[..], &[("12가3456", 0.9); 4]].concat()).iter().all(|tracks| tracks.confirmed().count() == 0)
    );
}

#[test]
fn what_no_frame_shows_stays_unknown() {
    for text in ["?2가3456", "12가34??", "?????6", "?67마8024"] {
        let tracks = ride(&[(text, 0.95); 30]);
        let track = &last(&tracks).tracks[0];
        assert_eq!((&*track.text, track.valid, track.state), (text, false, TrackState::Tentative));
        assert_eq!((track.agreeing, track.hidden), (30.0, 30.0));
        for (guess, character) in track.chars.iter().zip(text.chars()) {
            assert!(guess.label.name() != "?" || (character == '?' && guess.alternatives.is_empty()), "{guess:?}");
        }
    }
}

#[test]
fn what_most_frames_cannot_see_is_never_claimed() {
    let at_edge = |observation: Observation| observation.with_edge(true);
    let plain = |observation: Observation| observation;
    let may_be_hidden = |observation: Observation| doubted(&observation, 6);
    // What is read in turn, and what becomes of it.
    type Sequence<'a> = (&'a [(&'a str, f32)], &'a dyn Fn(Observation) -> Observation);
    let sequences: [Sequence; 9] = [
        // Cut at the left.
        (&[("?7마8024", 0.9), ("67마8024", 0.6)], &plain),
        (&[("67마8024", 0.98), ("?7마8024", 0.9)], &plain),
        (&[("67마8024", 0.98), ("?67마8024", 0.9)], &plain),
        (&[("67마8024", 0.98), ("67마8024", 0.98), ("?67마8024", 0.9), ("??마8024", 0.9)], &plain),
        // A digit covered.
        (&[("17가3456", 0.95), ("1?가3456", 0.9), ("1?가3456", 0.9)], &plain),
        (&[("64오8311", 0.99), ("64오831?", 0.9), ("64오8311", 0.99), ("64오83??", 0.9), ("64오83?1", 0.9)], &plain),
        // Whole in every frame, and wrong.
        (&[("67마8024", 0.99)], &at_edge),
        (&[("64오8331", 0.95), ("64오8331", 0.95), ("64오833?", 0.8)], &at_edge),
        (&[("64오8311", 0.978)], &may_be_hidden),
    ];
    // On its way, trembling before a camera that is not, and as fast as frames come.
    for (number, (texts, becomes)) in sequences.iter().enumerate() {
        for step in [6.0, 0.3, 0.02] {
            let frame = |i: usize| {
                let (text, confidence) = texts[i % texts.len()];
                let x = if step > 1.0 { step * i as f32 } else { step * ((i * 7) % 5) as f32 };
                vec![becomes(seen(x, 50.0, text, confidence))]
            };
            for (i, tracks) in follow(&(0..200).map(frame).collect::<Vec<_>>()).iter().enumerate() {
                assert_eq!(tracks.confirmed().next(), None, "sequence {number}, step {step}, frame {i}");
                assert_eq!(tracks.tracks.len(), 1, "sequence {number}, step {step}, frame {i}");
            }
        }
    }
}

#[test]
fn what_was_hidden_and_is_seen_later_is_confirmed() {
    // From behind something, and into the picture: hidden frames, and how many it takes then at most.
    for (at_edge, hidden, most) in [
        (false, 1, 6),
        (false, 3, 9),
        (false, 6, 12),
        (false, 12, 15),
        (false, 100, 23),
        (true, 1, 6),
        (true, 3, 7),
        (true, 6, 9),
        (true, 12, 11),
        (true, 100, 20),
    ] {
        let partial = |i: usize| seen(6.0 * i as f32, 50.0, "?2가3456", 0.9).with_edge(at_edge);
        let whole = |i: usize| seen(6.0 * i as f32, 50.0, "12가3456", 0.95);
        let frames = (0..hidden + 60).map(|i| vec![if i < hidden { partial(i) } else { whole(i) }]);
        let tracks = follow(&frames.collect::<Vec<_>>());
        let confirmed = tracks.iter().position(|tracks| tracks.confirmed().next().is_some()).unwrap();
        let took = confirmed + 1 - hidden;
        assert!((4..=most).contains(&took), "{hidden} hidden, at the edge: {at_edge}, took {took}");
        assert_eq!((&*last(&tracks).tracks[0].text, last(&tracks).tracks.len()), ("12가3456", 1));
    }
}

#[test]
fn what_was_certain_stays_so_while_the_plate_leaves() {
    let mut texts = vec![("12가3456", 0.95); 8];
    texts.extend([("?2가3456", 0.9), ("?가3456", 0.9), ("?가3456", 0.9), ("?3456", 0.9)]);
    texts.extend([("??56", 0.8); 10]);
    let tracks = ride(&texts);
    for tracks in &tracks[8..] {
        let track = &tracks.tracks[0];
        assert_eq!((tracks.tracks.len(), &*track.text, track.state), (1, "12가3456", TrackState::Confirmed));
        assert!(track.confidence > 0.9 && track.valid, "{track:?}");
    }
}

#[test]
fn one_frame_is_about_as_sure_as_its_reading() {
    for confidence in [0.999, 0.99, 0.9, 0.7, 0.5, 0.2] {
        for text in ["12가3456", "123가4567", "서울12바3456", "1?가3456"] {
            let tracks = ride(&[(text, confidence)]);
            let track = &last(&tracks).tracks[0];
            let most = confidence.min(0.99);
            assert_eq!(track.text, text);
            assert!(
                (0.9 * most..=most + 1e-4).contains(&track.confidence),
                "{text} {confidence}: {}",
                track.confidence
            );
            assert!(track.chars.iter().all(|guess| guess.confidence >= track.confidence), "{track:?}");
        }
    }
    // A second frame that says the same makes it no less sure, and neither does a plate of few pixels.
    let sure: Vec<f32> = ride(&[("12가3456", 0.95); 8]).iter().map(|tracks| tracks.tracks[0].confidence).collect();
    assert!(sure.is_sorted(), "{sure:?}");
    assert!(last(&follow(&sized("12가3456", 0.95, 30.0, 0..1))).tracks[0].confidence > 0.85);
}
