//! Outlines to coverage.

use tiny_skia::{FillRule, Mask, Path, Transform};

/// How much of each pixel `path` covers, 0 to 255, in a mask of `width` x `height` pixels. `transform` maps the path
/// (mm) to pixels.
///
/// Returns `None` when a side of the mask is 0 or the transform is not finite.
pub fn coverage(path: &Path, transform: Transform, width: u32, height: u32) -> Option<Mask> {
    let mut mask = Mask::new(width, height)?;
    if !transform.is_finite() {
        return None;
    }
    mask.fill_path(path, FillRule::Winding, true, transform);
    Some(mask)
}
