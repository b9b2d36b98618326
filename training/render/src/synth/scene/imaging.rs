//! Imaging of a scene: its flaws are those of the whole picture, whatever becomes of the plate.

use kr_lpr::geometry::Quad;

use super::super::imaging::{Curve, Glare, Imaging};
use super::super::raster::Raster;
use super::super::rng::Rng;

impl Imaging {
    /// Imaging of frames of `width` pixels, of which the plate, `plate` pixels wide, should stay visible, though not
    /// legible. At difficulty 0 it records what is there.
    pub(super) fn of_scene(rng: &mut Rng, width: f32, plate: f32, difficulty: f32) -> Imaging {
        let d = difficulty;
        let enlarge = if rng.chance(0.14 * d) { rng.uniform(1.2, 2.2) } else { 1.0 };
        // A plate is lost when its height is: blur stays below a twelfth of its width.
        let most = (plate / enlarge / 12.0).max(0.5);
        let defocus = if rng.chance(0.7) { rng.log_uniform(0.3, 0.9) } else { rng.log_uniform(0.6, 2.6) };
        let lens = (0.3 + (defocus * (width / 400.0).max(0.7) - 0.3) * d).clamp(0.3, most);
        let motion = rng.chance(0.12 * d).then(|| {
            let length = rng.log_uniform(0.006, 0.03) * width / enlarge;
            let length = length.min(1.5 * most).max(0.5);
            let (s, c) = rng.normal(0.6).sin_cos();
            [length * c, length * s]
        });
        let noisy = if rng.chance(0.6) { rng.log_uniform(0.002, 0.012) } else { rng.log_uniform(0.008, 0.06) } * d;
        let hazy = rng.chance(0.15 * d);
        Imaging {
            glare: rng.chance(0.1 * d).then(|| Glare::draw(rng, plate / enlarge)),
            rain: rng.chance(0.02 * d).then(|| width * rng.log_uniform(0.005, 0.03)),
            rows: None,
            screen: rng.chance(0.02 * d).then(|| rng.uniform(0.03, 0.12)),
            video: rng.chance(0.12 * d).then(|| rng.log_uniform(0.02, 0.15)),
            blur: [lens; 2],
            motion,
            curve: Curve {
                gain: 1.0,
                lift: if hazy { rng.uniform(0.05, 0.4) } else { rng.uniform(0.0, 0.04) * d },
                gamma: (rng.normal(0.22) * d).exp(),
                top: 1.0,
            },
            noise: [noisy * 0.6, noisy * 0.8],
            smoothed: rng.chance(0.05 * d),
            grain: 1,
            sharpen: rng.chance(0.25 * d).then(|| [rng.uniform(0.2, 1.5), 0.9]),
            enlarge,
            resharpen: rng.chance(0.12 * d).then(|| [rng.uniform(0.2, 2.5), rng.uniform(0.9, 1.6)]),
            jpeg: rng.chance(0.45 * d).then(|| match rng.chance(0.6) {
                true => 60 + rng.index(36) as u8,
                false => 16 + rng.index(45) as u8,
            }),
        }
    }

    /// Exposes as cameras do by themselves: for the mean light of the picture, and not so that the plate, the lightest
    /// tenth of whose pixels is its sheet or its characters, gets lost in black or white. Errs by some stops.
    pub(super) fn metered(mut self, rng: &mut Rng, frame: &Raster, plate: Option<&Quad>, difficulty: f32) -> Imaging {
        let whole = [0.0, 0.0, frame.width as f32, frame.height as f32];
        let (mean, _) = light(frame, whole);
        let stops = match rng.weighted(&[0.74, 0.15, 0.11]) {
            0 => rng.normal(0.35),
            1 => rng.uniform(-1.8, -0.5),
            _ => rng.uniform(0.4, 1.0),
        };
        let target = 0.42 * (stops * difficulty).exp2();
        let gain = target.powf(1.0 / self.curve.gamma) / mean.max(0.01);
        let (least, most) = match plate {
            Some(quad) => {
                let (x0, y0, x1, y1) = quad.bounding_box();
                let (_, bright) = light(frame, [x0, y0, x1, y1]);
                (0.22 / bright.max(0.01), (0.95 + 0.5 * difficulty * rng.unit().powi(2)) / bright.max(0.01))
            }
            None => (0.2, 4.0),
        };
        self.curve.gain = 1.0 + (gain.clamp(least, most.max(least)) - 1.0) * difficulty.max(0.3);
        self
    }
}

/// Mean and upper decile of the light of some pixels of the box `x0, y0, x1, y1`.
fn light(frame: &Raster, [x0, y0, x1, y1]: [f32; 4]) -> (f32, f32) {
    let mut values = Vec::with_capacity(32 * 24);
    for row in 0..24 {
        for column in 0..32 {
            let x = x0 + (x1 - x0) * (column as f32 + 0.5) / 32.0;
            let y = y0 + (y1 - y0) * (row as f32 + 0.5) / 24.0;
            let (x, y) = ((x.max(0.0) as usize).min(frame.width - 1), (y.max(0.0) as usize).min(frame.height - 1));
            let at = y * frame.width + x;
            values.push(frame.planes.iter().map(|plane| plane[at]).sum::<f32>() / frame.planes.len() as f32);
        }
    }
    values.sort_unstable_by(f32::total_cmp);
    (values.iter().sum::<f32>() / values.len() as f32, values[values.len() * 9 / 10])
}
