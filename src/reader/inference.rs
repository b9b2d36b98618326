//! What reading asks of the networks.

use super::ReadError;
use crate::calibration::Calibration;
use crate::detect::Candidate;
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::overview::Overview;
use crate::rectify::PlateImage;

/// What answers the questions of reading: the networks of a [`PlateReader`](super::PlateReader), or a test.
pub(super) trait Inference {
    /// How often the recognizer is right when it says so.
    fn calibration(&self) -> Calibration;

    /// Whether [`candidates`](Self::candidates) can be asked.
    fn has_detector(&self) -> bool;

    /// What may be plates in an overview, best first; scores are calibrated.
    async fn candidates(&self, overview: &Overview) -> Result<Vec<Candidate>, ReadError>;

    /// The corners of the plate in what `outline` shows of `frame`, if there seems to be one.
    async fn corners(&self, frame: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError>;

    /// Log-probabilities, kind logits and, where it is wanted, the logits of the attention in one, `[STEPS * CLASS_COUNT + kinds
    /// (+ STEPS * rows * columns)]`.
    async fn answer(&self, plate: &PlateImage, attention: bool) -> Result<Vec<f32>, ReadError>;

    /// [`corners`](Self::corners) in several outlines.
    async fn all_corners(&self, frame: &Frame<'_>, outlines: &[Quad]) -> Result<Vec<Option<Quad>>, ReadError> {
        let mut all = Vec::with_capacity(outlines.len());
        for outline in outlines {
            all.push(self.corners(frame, outline).await?);
        }
        Ok(all)
    }

    /// [`answer`](Self::answer) to several plates.
    async fn answers(&self, plates: &[PlateImage], attention: bool) -> Result<Vec<Vec<f32>>, ReadError> {
        let mut answers = Vec::with_capacity(plates.len());
        for plate in plates {
            answers.push(self.answer(plate, attention).await?);
        }
        Ok(answers)
    }
}
