//! What of a picture is set on purpose instead of by chance.

/// Conditions of a picture, each of which chance decides where it is `None`.
///
/// Chance draws the same numbers whatever is set, so two pictures of one seed differ in what was set and in nothing
/// else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// Degrees the plate is turned to the side.
    pub yaw: Option<f32>,
    /// Degrees the camera looks down on the plate; below 0 it looks up.
    pub pitch: Option<f32>,
    /// Degrees the picture is turned, clockwise.
    pub roll: Option<f32>,
    /// How many times as tall as the camera saw it the picture is: the proportions that other programs leave it with.
    pub stretch: Option<f32>,
    /// Mean length of the plate's upper and lower side, pixels of the picture, whatever the pose.
    pub plate_px: Option<f32>,
    /// Standard deviation of the lens blur, pixels of the picture; at least [`Self::SHARPEST`].
    pub blur: Option<f32>,
    /// Standard deviation of the noise on white, as a share of the range from black to white.
    pub noise: Option<f32>,
    /// Stops of light above (or, negative, below) a good exposure: sheet or ink, whichever is brighter, at 80 % of the
    /// range. What gets brighter than white is lost.
    pub exposure: Option<f32>,
    /// Room between the plate and the edges of the picture, as a share of the width (left and right) and the height
    /// (above and below) of the upright rectangle around the plate.
    pub surroundings: Option<f32>,
}

impl Conditions {
    /// Lens blur of the sharpest picture, pixels.
    pub const SHARPEST: f32 = 0.3;

    /// Everything by chance, but for the width of the plate.
    pub fn of_width(plate_px: f32) -> Conditions {
        Conditions { plate_px: Some(plate_px), ..Conditions::default() }
    }
}
