//! Frames that come slowly, with timestamps in another unit, or again and again.

use super::*;

/// A plate that moves by six pixels a frame, in frames at these timestamps: the tracks after each, or the error.
fn at(timestamps: impl IntoIterator<Item = f64>) -> Vec<Result<Tracks, TrackError>> {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let push = |(frame, now): (usize, f64)| tracker.push(now, &[seen(6.0 * frame as f32, 50.0, "12가3456", 0.95)]);
    timestamps.into_iter().enumerate().map(push).collect()
}

/// `count` timestamps that are `gap` apart.
fn every(gap: f64, count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(move |frame| 5.0 + gap * f64::from(frame))
}

#[test]
fn slow_frames_are_followed() {
    for gap in [100.0, 510.0, 1000.0, 2000.0] {
        let tracks = at(every(gap, 10)).pop().unwrap().unwrap();
        assert_eq!((tracks.tracks.len(), tracks.tracks[0].id, tracks.confirmed().count()), (1, 1, 1), "{gap} ms");
        // One frame that misses the plate is no harm, once the pace is known.
        let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
        for frame in 0..12 {
            let plate = (frame % 4 != 2).then(|| seen(6.0 * frame as f32, 50.0, "12가3456", 0.95));
            let tracks = tracker.push(gap * f64::from(frame), plate.as_slice()).unwrap();
            assert!(tracks.tracks.iter().all(|track| track.id == 1) && tracks.tracks.len() == 1, "{gap} ms, {frame}");
        }
    }
    // So far apart each picture stands alone.
    assert!(
        at(every(3500.0, 10)).into_iter().enumerate().all(|(i, tracks)| tracks.unwrap().tracks[0].id == i as u64 + 1)
    );
}

#[test]
fn a_pause_makes_nobody_patient() {
    // 40 ms a frame, an hour's pause, and what was seen once after it is forgotten as ever.
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let now: Vec<f64> = every(40.0, 6).chain(every(40.0, 2).map(|at| at + 3.6e6)).collect();
    for &at in &now {
        tracker.push(at, &[]).unwrap();
    }
    let after = |ms: f64| now[7] + ms;
    assert_eq!(tracker.push(after(40.0), &[seen(0.0, 0.0, "12가3456", 0.9)]).unwrap().tracks.len(), 1);
    assert_eq!(tracker.push(after(540.0), &[]).unwrap().tracks.len(), 1);
    assert_eq!(tracker.push(after(541.0), &[]).unwrap().tracks.len(), 0);
}

#[test]
fn timestamps_in_another_unit_are_refused() {
    let pauses = (0..40).map(|i| 40.0 * f64::from(i) + 3.6e6 * f64::from(i / 5));
    let coarse = (0..60).map(|i| 100.0 * f64::from(i / 6));
    let standing = std::iter::repeat_n(7.0, 50);
    let cases: Vec<(&str, Vec<f64>, Option<TimeUnit>)> = vec![
        ("15 fps", every(1000.0 / 15.0, 60).collect(), None),
        ("240 fps", every(1000.0 / 240.0, 60).collect(), None),
        ("1000 fps", every(1.0, 60).collect(), None),
        ("a frame in two seconds", every(2000.0, 60).collect(), None),
        ("the same again", standing.collect(), None),
        ("a coarse clock", coarse.collect(), None),
        ("paused for an hour, again and again", pauses.collect(), None),
        ("15 fps in seconds", every(1.0 / 15.0, 60).collect(), Some(TimeUnit::Seconds)),
        ("240 fps in seconds", every(1.0 / 240.0, 60).collect(), Some(TimeUnit::Seconds)),
        ("2 fps in seconds", every(0.5, 60).collect(), Some(TimeUnit::Seconds)),
        ("each twice, in seconds", (0..60).map(|i| f64::from(i / 2) / 15.0).collect(), Some(TimeUnit::Seconds)),
        ("15 fps in microseconds", every(1e6 / 15.0, 60).collect(), Some(TimeUnit::Microseconds)),
        ("60 fps in microseconds", every(1e6 / 60.0, 60).collect(), Some(TimeUnit::Microseconds)),
        ("15 fps in nanoseconds", every(1e9 / 15.0, 60).collect(), Some(TimeUnit::Microseconds)),
    ];
    for (name, timestamps, expected) in cases {
        let pushed = at(timestamps);
        let refused = pushed.iter().position(Result::is_err);
        assert_eq!(refused.is_some(), expected.is_some(), "{name}: {refused:?}");
        let Some(refused) = refused else { continue };
        assert!((8..20).contains(&refused), "{name}: frame {refused}");
        for result in &pushed[refused..] {
            let is_told =
                matches!(result, Err(TrackError::Unit { seen, gap }) if Some(*seen) == expected && *gap > 0.0);
            assert!(is_told, "{name}: {result:?}");
        }
    }
    let error = TrackError::Unit { seen: TimeUnit::Seconds, gap: 0.04 };
    let text =
        "timestamps seem to be in seconds, since they rise by 0.04 from frame to frame; they must be in milliseconds";
    assert_eq!(error.to_string(), text);
}

#[test]
fn pictures_of_every_half_minute_are_no_mistake() {
    // A car that is parked, its outline trembling; others in its place; one that is moved now and then; none at all.
    let parked = |i: usize| vec![seen(0.5 * ((i * 7) % 5) as f32, 50.0, "12가3456", 0.9)];
    let others =
        |i: usize| vec![seen(9.0 * (i % 3) as f32, 50.0, &format!("{:02}가{:04}", 10 + i % 60, 1000 + i), 0.9)];
    let moved = |i: usize| vec![seen(200.0 * (i / 4 % 2) as f32, 50.0, "12가3456", 0.9)];
    let scenes: [&dyn Fn(usize) -> Vec<Observation>; 4] = [&parked, &others, &moved, &|_| vec![]];
    for (number, scene) in scenes.into_iter().enumerate() {
        let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
        for i in 0..200 {
            assert!(tracker.push(30_000.0 * i as f64, &scene(i)).is_ok(), "scene {number}, picture {i}");
        }
    }
}

#[test]
fn a_unit_put_right_and_a_clock_set_back_are_followed_again() {
    let seconds = || (0..12).map(|i| 100.0 + f64::from(i) / 15.0);
    let pushed = at(seconds().chain((0..12).map(|i| 200.0 + 40.0 * f64::from(i))));
    assert!(pushed[11].is_err() && pushed[12..].iter().all(Result::is_ok));
    assert_eq!(pushed.last().unwrap().as_ref().unwrap().confirmed().count(), 1);
    // A video that begins again, in the right unit and in the wrong one.
    let back = at((0..40).map(|i| 40.0 * f64::from(i % 20)));
    assert!(back.iter().all(Result::is_ok) && back[20].as_ref().is_ok_and(|tracks| tracks.restarted));
    let back = at((0..40).map(|i| 1e6 / 15.0 * f64::from(i % 20)));
    assert!(back[19].is_err() && back[20].is_ok() && back[39].is_err());
}

#[test]
fn a_picture_that_does_not_change_is_told() {
    let state = |frames: usize, gap: f64, observation: &Observation| {
        let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
        let push = |i: usize| tracker.push(gap * i as f64, std::slice::from_ref(observation)).unwrap().tracks[0].state;
        (0..frames).map(push).collect::<Vec<_>>().pop()
    };
    let plate = seen(10.0, 10.0, "12가3456", 1.0);
    assert_eq!(state(5, 40.0, &plate), Some(TrackState::Tentative));
    assert_eq!(state(30, 40.0, &plate), Some(TrackState::Unchanged));
    assert_eq!(state(30, 1000.0, &plate), Some(TrackState::Unchanged));
    // It says so until the picture changes, and of what is certain nothing.
    let mut frames = vec![vec![plate.clone()]; 30];
    frames.extend((0..8).map(|i| vec![seen(10.0 + 6.0 * i as f32, 10.0, "12가3456", 0.95)]));
    frames.extend(vec![vec![seen(52.0, 10.0, "12가3456", 0.95)]; 60]);
    let states: Vec<TrackState> = follow(&frames).iter().map(|tracks| tracks.tracks[0].state).collect();
    assert_eq!(
        (states[29], states[31], states[37]),
        (TrackState::Unchanged, TrackState::Tentative, TrackState::Confirmed)
    );
    assert!(states[37..].iter().all(|&state| state == TrackState::Confirmed));
}
