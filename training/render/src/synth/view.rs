//! What a reader is handed for a picture: the outline of a crop, or corners as a detector finds them.

use kr_lpr::geometry::{Point, Quad};

use super::Sample;
use super::rng::Rng;

/// Draws an outline of the plate such as the aligner gets it.
///
/// Three in four are upright rectangles around the plate, as crop files are: margins of -4 to 15 % of the plate's sides,
/// one in five of up to 60 %, each side on its own, and never beyond the frame. The others are the true corners, each off by
/// up to 10 % as a detector errs. `difficulty` (0 to 1) scales margins and errors; at 0 it is the true outline.
pub fn view(sample: &Sample, source: &mut impl rand::Rng, difficulty: f32) -> Quad {
    let mut rng = Rng::new(source.next_u64());
    if difficulty <= 0.0 {
        return sample.quad;
    }
    let drawn = if rng.chance(0.75) {
        crop(sample, &mut rng, difficulty)
    } else {
        corners(&sample.quad, &mut rng, 0.1 * difficulty)
    };
    let drawn = drawn.unwrap_or(sample.quad);
    if sample.is_cut() { in_picture(sample, &mut rng, drawn) } else { drawn }
}

/// Of a plate that the picture's edge cuts off, what a reader is handed: the picture, or an outline that ends where it does.
/// One in eight is drawn beyond it all the same.
fn in_picture(sample: &Sample, rng: &mut Rng, outline: Quad) -> Quad {
    let frame = Quad::of_frame(&sample.frame());
    if rng.chance(0.4) {
        return frame;
    }
    if rng.chance(0.125) {
        return outline;
    }
    let (width, height) = (sample.width as f32, sample.height as f32);
    let inside = outline.corners().map(|corner| Point::new(corner.x.clamp(0.0, width), corner.y.clamp(0.0, height)));
    Quad::new(inside).unwrap_or(frame)
}

/// Draws an outline that leaves out a part of the plate, as a detector's may that found a part of it: 5 to 40 % of its width at
/// one end, or 10 to 45 % of its height.
pub fn part_view(sample: &Sample, source: &mut impl rand::Rng) -> Quad {
    let mut rng = Rng::new(source.next_u64());
    let [a, b, c, d] = sample.quad.corners();
    let between = |p: Point, q: Point, t: f32| Point::new(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t);
    let (along, down) = (rng.uniform(0.05, 0.4), rng.uniform(0.1, 0.45));
    let part = match rng.weighted(&[0.35, 0.35, 0.15, 0.15]) {
        0 => [between(a, b, along), b, c, between(d, c, along)],
        1 => [a, between(b, a, along), between(c, d, along), d],
        2 => [between(a, d, down), between(b, c, down), c, d],
        _ => [a, b, between(c, b, down), between(d, a, down)],
    };
    let part = Quad::new(part).unwrap_or(sample.quad);
    corners(&part, &mut rng, 0.04).unwrap_or(part)
}

/// Draws an outline of the plate such as the recognizer gets it: from the aligner, or for one in five plates as loose as
/// [`view`] draws it, since the aligner will fail at times.
///
/// Corners are off by up to 10 % each way, and outwards rather than inwards, as the reader takes some air along: 4 % of the
/// width at the median, 10 % at nine in ten. That is twice what the aligner errs; with as much as it errs at the median the
/// recognizer failed wherever the aligner did.
pub fn aligned_view(sample: &Sample, source: &mut impl rand::Rng, difficulty: f32) -> Quad {
    let mut rng = Rng::new(source.next_u64());
    if difficulty <= 0.0 {
        return sample.quad;
    }
    if rng.chance(0.2) {
        return view(sample, source, difficulty);
    }
    corners(&sample.quad, &mut rng, 0.1 * difficulty).unwrap_or(sample.quad)
}

/// Draws the outline that a detector gives of the plate at `quad`: each corner off by up to 10 % of the plate's sides.
pub fn detected(quad: &Quad, source: &mut impl rand::Rng) -> Quad {
    corners(quad, &mut Rng::new(source.next_u64()), 0.1).unwrap_or(*quad)
}

fn crop(sample: &Sample, rng: &mut Rng, difficulty: f32) -> Option<Quad> {
    let (x0, y0, x1, y1) = sample.quad.bounding_box();
    let (width, height) = (sample.quad.width(), sample.quad.height());
    let loosest = match rng.weighted(&[0.5, 0.3, 0.2]) {
        0 => 0.15,
        1 => 0.3,
        _ => 0.6,
    };
    let mut margin = |length: f32| length * (-0.04 + (loosest + 0.04) * rng.unit().powf(1.5)) * difficulty;
    let left = (x0 - margin(width)).max(0.0);
    let right = (x1 + margin(width)).min(sample.width as f32);
    // Crops of the flat plates have more air above and below in proportion.
    let top = (y0 - 1.5 * margin(height)).max(0.0);
    let bottom = (y1 + 1.5 * margin(height)).min(sample.height as f32);
    let whole = |v: f32| v.round();
    let (left, top, right, bottom) = (whole(left), whole(top), whole(right), whole(bottom));
    Quad::rect(left, top, right - left, bottom - top).ok()
}

/// The true corners, each off by up to `most` of the plate's sides.
fn corners(quad: &Quad, rng: &mut Rng, most: f32) -> Option<Quad> {
    let (width, height) = (quad.width(), quad.height());
    let reach = rng.uniform(0.0, most);
    let grow = rng.uniform(-0.25, 0.75) * most;
    let signs = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let mut moved = quad.corners();
    for (corner, (sx, sy)) in moved.iter_mut().zip(signs) {
        *corner = Point::new(
            corner.x + (sx * grow + rng.uniform(-reach, reach)) * width,
            // A detector errs by about as many pixels up and down as to the sides, and most plates are flat.
            corner.y + (sy * grow + rng.uniform(-reach, reach)) * height * 1.6,
        );
    }
    Quad::new(moved).ok()
}
