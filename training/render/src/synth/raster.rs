//! Planes of light: what the plate, its surroundings and the photograph are painted on.

/// What a surface sends to the sensor, one number a plane, 1.0 is paper white. A grey raster uses the first alone.
pub(crate) type Tone = [f32; 3];

/// Mixes two tones.
pub(crate) fn mix(a: Tone, b: Tone, share_of_b: f32) -> Tone {
    [0, 1, 2].map(|c| a[c] + (b[c] - a[c]) * share_of_b)
}

/// Scales a tone.
pub(crate) fn scaled(tone: Tone, factor: f32) -> Tone {
    tone.map(|v| v * factor)
}

/// One or three planes of equal size, rows top to bottom.
pub struct Raster {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One value a pixel each, 1.0 is paper white.
    pub planes: Vec<Vec<f32>>,
}

/// A rectangle of pixels, `x0..x1` by `y0..y1`.
#[derive(Clone, Copy)]
pub struct Region {
    /// First column.
    pub x0: usize,
    /// First row.
    pub y0: usize,
    /// The column after the last.
    pub x1: usize,
    /// The row after the last.
    pub y1: usize,
}

impl Raster {
    /// Black planes.
    pub fn new(width: usize, height: usize, planes: usize) -> Raster {
        Raster { width, height, planes: vec![vec![0.0; width * height]; planes] }
    }

    /// The pixels whose centres lie in the box, cut to the raster.
    pub(crate) fn region(&self, x0: f32, y0: f32, x1: f32, y1: f32) -> Region {
        let cut = |v: f32, limit: usize| (v.max(0.0) as usize).min(limit);
        Region {
            x0: cut(x0.floor(), self.width),
            y0: cut(y0.floor(), self.height),
            x1: cut(x1.ceil(), self.width),
            y1: cut(y1.ceil(), self.height),
        }
    }

    /// Lays `tone` over `region`, as opaque at each pixel centre as `cover` says (0 to 1).
    pub(crate) fn lay(&mut self, region: Region, tone: Tone, mut cover: impl FnMut(f32, f32) -> f32) {
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let a = cover(x as f32 + 0.5, y as f32 + 0.5);
                if a <= 0.0 {
                    continue;
                }
                let at = y * self.width + x;
                for (plane, value) in self.planes.iter_mut().zip(tone) {
                    plane[at] += (value - plane[at]) * a.min(1.0);
                }
            }
        }
    }

    /// Multiplies the pixels of `region` by `factor(x, y)` in all planes.
    pub fn shade(&mut self, region: Region, mut factor: impl FnMut(f32, f32) -> f32) {
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let f = factor(x as f32 + 0.5, y as f32 + 0.5);
                for plane in &mut self.planes {
                    plane[y * self.width + x] *= f;
                }
            }
        }
    }

    /// Adds `light(x, y)` to the pixels of `region` in all planes.
    pub(crate) fn add(&mut self, region: Region, mut light: impl FnMut(f32, f32) -> f32) {
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let l = light(x as f32 + 0.5, y as f32 + 0.5);
                for plane in &mut self.planes {
                    plane[y * self.width + x] += l;
                }
            }
        }
    }

    /// Every pixel.
    pub fn whole(&self) -> Region {
        Region { x0: 0, y0: 0, x1: self.width, y1: self.height }
    }

    /// Blurs every plane with the separable `kernel` (odd length, sums to 1); the edges repeat.
    pub fn convolve(&mut self, horizontal: &[f32], vertical: &[f32]) {
        let (width, height) = (self.width, self.height);
        for plane in &mut self.planes {
            if horizontal.len() > 1 {
                convolve_rows(plane, width, horizontal);
            }
            if vertical.len() > 1 {
                *plane = convolve_columns(plane, width, height, vertical);
            }
        }
    }
}

/// The weights of a Gaussian of `sigma` pixels, cut at 2.5 sigma; a single 1.0 where nothing would be blurred.
pub fn gaussian(sigma: f32) -> Vec<f32> {
    if sigma < 0.2 {
        return vec![1.0];
    }
    let radius = (sigma * 2.5).ceil() as i32;
    let weights: Vec<f32> = (-radius..=radius).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

fn convolve_rows(plane: &mut [f32], width: usize, kernel: &[f32]) {
    let radius = kernel.len() / 2;
    let mut padded = vec![0.0; width + 2 * radius];
    for row in plane.chunks_exact_mut(width) {
        padded[..radius].fill(row[0]);
        padded[radius..radius + width].copy_from_slice(row);
        padded[radius + width..].fill(row[width - 1]);
        row.fill(0.0);
        for (offset, &weight) in kernel.iter().enumerate() {
            for (out, value) in row.iter_mut().zip(&padded[offset..offset + width]) {
                *out += value * weight;
            }
        }
    }
}

fn convolve_columns(plane: &[f32], width: usize, height: usize, kernel: &[f32]) -> Vec<f32> {
    let radius = kernel.len() as isize / 2;
    let mut out = vec![0.0; plane.len()];
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        for (offset, &weight) in kernel.iter().enumerate() {
            let from = (y as isize + offset as isize - radius).clamp(0, height as isize - 1) as usize;
            for (out, value) in row.iter_mut().zip(&plane[from * width..(from + 1) * width]) {
                *out += value * weight;
            }
        }
    }
    out
}

/// How far `(x, y)` lies outside a rectangle with rounded corners, negative inside; the unit is the caller's.
///
/// `half` is half the size, the rectangle is centred on the origin.
pub(crate) fn rounded_box(x: f32, y: f32, half: [f32; 2], radius: f32) -> f32 {
    let (dx, dy) = (x.abs() - half[0] + radius, y.abs() - half[1] + radius);
    let (ox, oy) = (dx.max(0.0), dy.max(0.0));
    (ox * ox + oy * oy).sqrt() + dx.max(dy).min(0.0) - radius
}

/// The cover of a pixel of `pixel` units whose centre lies `distance` outside an edge.
pub(crate) fn edge(distance: f32, pixel: f32) -> f32 {
    (0.5 - distance / pixel).clamp(0.0, 1.0)
}

/// Rises smoothly from 0 at `low` to 1 at `high`.
pub(crate) fn smooth(low: f32, high: f32, v: f32) -> f32 {
    let t = ((v - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
