//! The part of a scene that is looked at.

use kr_lpr::frame::Frame;
use kr_lpr::geometry::Quad;
use kr_lpr::overview::{FIRST_LOOK, Overview};
use kr_lpr::region::Region;

use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth};

/// Share of views that are the whole scene.
const WHOLE: f32 = 0.3;

/// Share of the other views that are aimed at a plate, where there is one.
const AIMED: f32 = 0.75;

/// Share of a frame's width that a plate has in a view that is aimed at it: from what the first octave just finds to what
/// fills the picture, most of them as photographs of cars have it.
const PLATE_SHARE: [[f32; 2]; 2] = [[0.12, 0.45], [0.06, 1.05]];

/// Width over height of views.
const ASPECTS: [f32; 2] = [0.75, 2.2];

/// Draws what to look at: the whole scene, or a part of it around a plate or anywhere.
pub(crate) fn draw(scene: &SceneSample, rng: &mut Rng) -> Region {
    let whole = Region { x: 0, y: 0, width: scene.width, height: scene.height };
    if rng.chance(WHOLE) {
        return whole;
    }
    let aspect = rng.log_uniform(ASPECTS[0], ASPECTS[1]);
    let (full_width, full_height) = (scene.width as f32, scene.height as f32);
    let plate = match scene.plates.len() {
        0 => None,
        count => rng.chance(AIMED).then(|| scene.plates[rng.weighted(&vec![1.0; count])].quad),
    };
    // Who looks at less sees nothing of what is around a plate.
    let least = 48.0_f32.min(full_width);
    let width = match &plate {
        Some(quad) => {
            let [low, high] = PLATE_SHARE[usize::from(rng.chance(0.4))];
            let (left, _, right, _) = quad.bounding_box();
            (right - left) / rng.log_uniform(low, high)
        }
        None => full_width * rng.log_uniform(0.3, 1.0),
    };
    let width = width.clamp(least, full_width);
    // A crop of a plate is as flat as the plate.
    let flat = plate.map_or(full_height, |quad| {
        let (_, top, _, bottom) = quad.bounding_box();
        (bottom - top) * 1.1
    });
    let height = (width / aspect).max(flat).clamp(least.min(full_height), full_height);
    let place = |rng: &mut Rng, length: f32, full: f32, span: Option<(f32, f32)>| {
        let room = full - length;
        let (low, high) = match span {
            // Most plates are whole in view, some cut off at its edge.
            Some((low, high)) => {
                let slack = if rng.chance(0.15) { 0.5 * (high - low) } else { 0.0 };
                (high - length - slack, low + slack)
            }
            None => (0.0, room),
        };
        let (low, high) = (low.min(high), high.max(low));
        rng.uniform(low, high + 1e-3).clamp(0.0, room.max(0.0))
    };
    let spans = plate.map(|quad| quad.bounding_box());
    let x = place(rng, width, full_width, spans.map(|(left, _, right, _)| (left, right)));
    let y = place(rng, height, full_height, spans.map(|(_, top, _, bottom)| (top, bottom)));
    let (x, y) = (x as u32, y as u32);
    Region { x, y, width: (width as u32).clamp(1, scene.width - x), height: (height as u32).clamp(1, scene.height - y) }
}

/// The scene of `seed` as training may see it, and its plates.
pub fn seen(synth: &Synth, seed: u64, settings: &SceneSettings) -> (Overview, Vec<Quad>) {
    let scene = synth.scene(seed, settings);
    look(&scene, draw(&scene, &mut Rng::new(seed ^ 1)))
}

/// A part of a scene as the detector sees it, and the plates of the scene.
pub fn look(scene: &SceneSample, region: Region) -> (Overview, Vec<Quad>) {
    let frame: Frame = scene.frame();
    (Overview::new(&frame, region, FIRST_LOOK), scene.plates.iter().map(|plate| plate.quad).collect())
}
