//! How large and of what proportions pictures are.

use super::super::rng::Rng;

/// Shortest side of a frame, pixels.
const SHORTEST: f32 = 48.0;

/// Width and height of a frame that fits within `most`: the proportions of cameras, phones and crops.
pub(super) fn draw(rng: &mut Rng, most: [u32; 2]) -> [usize; 2] {
    let aspect = match rng.weighted(&[0.34, 0.12, 0.18, 0.12, 0.07, 0.17]) {
        0 => 4.0 / 3.0,
        1 => 1.5,
        2 => 16.0 / 9.0,
        3 => rng.pick(&[0.75, 0.75, 9.0 / 16.0, 0.667]),
        4 => 1.0,
        _ => rng.log_uniform(1.2, 2.9),
    };
    let [width, height] = most.map(|side| side as f32);
    let largest = width.min(height * aspect);
    // Training wants its pixels, the world has smaller pictures as well.
    let share = if rng.chance(0.6) { 1.0 } else { rng.uniform(0.55, 1.0) };
    let width_drawn = (largest * share).max(SHORTEST.min(width));
    let tall = (width_drawn / aspect).clamp(SHORTEST.min(height), height);
    [width_drawn.round().max(1.0) as usize, tall.round().max(1.0) as usize]
}
