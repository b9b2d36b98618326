//! The pipeline put together: a picture in, the text of its plates out.

mod attention;
mod blocking;
mod gather;
mod hidden;
mod inference;
mod networks;
mod options;
mod passes;
mod policy;
mod reading;
mod scene;
mod timings;

use crate::backend::Backend;
use crate::calibration::Calibration;
use crate::detect::{self, Maps};
use crate::frame::{Frame, FrameError, PixelFormat};
use crate::geometry::{Outside, Quad};
use crate::model::aligner;
use crate::model::detector::grid;
use crate::model::weights::{WeightsError, WeightsInfo};
use crate::overview::Overview;
use crate::rectify::{PlateImage, rectify};
use crate::region::Region;
use crate::sheet::SheetColour;
use inference::Inference;
use networks::{DetectorOnBackend, PlateNetworksOnBackend};
use reading::decode;
use timings::Stopwatch;

pub use attention::Attention;
pub use options::{Mode, Orientation, ReadError, ReadOptions, Search};
pub use policy::Rejection;
pub use reading::{Candidate, Reading};
pub use scene::{Plate, Plates};
pub use timings::{Clock, Timings};

/// A plate seen straight on: all that a pass takes to the network and to what is made of its answer.
#[derive(Clone, Debug)]
pub struct AlignedPlate {
    /// What the network is to see.
    pub image: PlateImage,
    /// The plate's outline in the frame.
    pub quad: Quad,
    /// The colour of its sheet, where the frame shows one.
    pub sheet: Option<SheetColour>,
    /// Width and height of the frame, in pixels.
    picture: [u32; 2],
    /// How far the plate reaches beyond the frame.
    outside: Outside,
}

impl AlignedPlate {
    /// The plate that `quad` outlines in `frame`, read with that margin around it.
    fn new(frame: &Frame, quad: Quad, margin: f32) -> AlignedPlate {
        AlignedPlate::within(frame, quad, &quad.scaled(margin).unwrap_or(quad))
    }

    /// What `quad` outlines in `frame`, without a margin.
    pub fn exactly(frame: &Frame, quad: Quad) -> AlignedPlate {
        AlignedPlate::within(frame, quad, &quad)
    }

    /// The plate that `quad` outlines in `frame`, read as far as `outline` reaches.
    fn within(frame: &Frame, quad: Quad, outline: &Quad) -> AlignedPlate {
        let picture = [frame.width(), frame.height()];
        let outside = quad.outside(picture[0], picture[1]);
        AlignedPlate { image: rectify(frame, outline), quad, sheet: SheetColour::of(frame, &quad), picture, outside }
    }

    /// Whether all of the plate lies in the frame.
    fn is_whole(&self) -> bool {
        self.quad.share_outside(self.picture[0], self.picture[1]) == 0.0
    }
}

/// Reads plates with one set of weights on one backend.
#[derive(Debug)]
pub struct PlateReader {
    networks: PlateNetworksOnBackend,
    info: WeightsInfo,
    detector: Option<(DetectorOnBackend, WeightsInfo)>,
    backend: Backend,
    clock: Clock,
}

impl PlateReader {
    /// Takes the bytes of the weights file that reads one plate. Without [a detector](Self::with_detector) only crops are
    /// read.
    ///
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub fn from_weights(bytes: &[u8], backend: &Backend) -> Result<PlateReader, WeightsError> {
        let (networks, info) = PlateNetworksOnBackend::read(bytes, backend)?;
        Ok(PlateReader { networks, info, detector: None, backend: backend.clone(), clock: timings::system_clock })
    }

    /// The same reader with a detector: takes the bytes of its weights file.
    ///
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub fn with_detector(self, bytes: &[u8]) -> Result<PlateReader, WeightsError> {
        let detector = DetectorOnBackend::read(bytes, &self.backend)?;
        Ok(PlateReader { detector: Some(detector), ..self })
    }

    /// The same reader with another clock for [`Timings`]: in a browser, where the library knows of none.
    pub fn with_clock(self, clock: Clock) -> PlateReader {
        PlateReader { clock, ..self }
    }

    /// What the weights that read a plate say of themselves.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// What the detector's weights say of themselves, where there is a detector.
    pub fn detector_info(&self) -> Option<&WeightsInfo> {
        self.detector.as_ref().map(|(_, info)| info)
    }

    /// Reads the plates of `frame`: finds them unless it is a crop or [`ReadOptions::quad`] outlines the one to read.
    ///
    /// A plate that the network is not sure of is read again, around where it was found, and where that does not help once more
    /// with a wider margin. What counts is what all passes say together.
    ///
    /// # Errors
    /// When the region is not one of the frame, a scene is asked for without a detector, the device fails or weights are
    /// broken. A frame without plates is no error.
    pub async fn read(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Plates, ReadError> {
        scene::read(self, frame, options, self.clock).await
    }

    /// Finds the plates of a frame without reading them, best first: those with a score of at least `least`, roughly outlined.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn detect(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        least: f32,
    ) -> Result<Vec<detect::Candidate>, ReadError> {
        scene::detect(self, frame, options, least).await
    }

    /// Reads the plate that `frame` is a crop of, or that [`ReadOptions::quad`] outlines in it, and rejects nothing.
    ///
    /// # Errors
    /// When the device fails or the weights are broken; a plate that cannot be read is a [`Reading`] of low confidence.
    pub async fn read_crop(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Reading, ReadError> {
        let outline = outline_of(frame, options);
        gather::read_crop(self, frame, &outline, options, &Stopwatch::start(self.clock)).await
    }

    /// Reads the plates that `outlines` roughly outline in `frame`, in their order, and rejects nothing: for plates that were found by
    /// other means. The networks are asked about all of them together.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub async fn read_outlines(
        &self,
        frame: &Frame<'_>,
        outlines: &[Quad],
        options: &ReadOptions,
    ) -> Result<Vec<Reading>, ReadError> {
        let watch = Stopwatch::start(self.clock);
        gather::read_plates(self, frame, outlines, policy::Effort::Crop, options, &watch).await
    }

    /// Does what a frame of `width` by `height` pixels with so many plates takes, on a grey one: what was never used is made ready,
    /// and who takes the time knows how long a reading will take.
    ///
    /// # Errors
    /// As [`read`](Self::read); a size that no frame can have is [`ReadError::Region`].
    pub async fn rehearse(&self, width: u32, height: u32, plates: usize) -> Result<(), ReadError> {
        let refused = || ReadError::Region { region: Region { x: 0, y: 0, width, height }, width, height };
        // Of a size that a frame can have it says how many bytes that takes.
        let Err(FrameError::WrongLength { expected, .. }) = Frame::new(&[], width, height, PixelFormat::Grey) else {
            return Err(refused());
        };
        let pixels = vec![128; expected];
        let frame = Frame::new(&pixels, width, height, PixelFormat::Grey).map_err(|_| refused())?;
        let options = ReadOptions { search: Search::Quick, ..ReadOptions::default() };
        if self.has_detector() {
            self.detect(&frame, &options, 0.5).await?;
        }
        let whole = Quad::of_frame(&frame);
        let outlines = vec![whole.scaled(0.25).unwrap_or(whole); plates];
        let watch = Stopwatch::start(self.clock);
        gather::read_plates(self, &frame, &outlines, policy::Effort::Glance, &options, &watch).await.map(drop)
    }

    /// The first half of the first pass of [`read_crop`](Self::read_crop): the plate seen straight on.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn align(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<AlignedPlate, ReadError> {
        passes::align(self, frame, &outline_of(frame, options), options).await
    }

    /// The second half: the plate read.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub async fn read_aligned(&self, plate: AlignedPlate, options: &ReadOptions) -> Result<Reading, ReadError> {
        decode(self.answer(&plate.image, options.attention).await?, plate, self.info.calibration, options)
    }
}

impl Inference for PlateReader {
    fn calibration(&self) -> Calibration {
        self.info.calibration
    }

    fn has_detector(&self) -> bool {
        self.detector.is_some()
    }

    async fn candidates(&self, overview: &Overview) -> Result<Vec<detect::Candidate>, ReadError> {
        let (detector, info) = self.detector.as_ref().ok_or(ReadError::NoDetector)?;
        let [rows, columns] = grid(overview.layout());
        let maps = Maps::new(detector.maps(overview).await?, rows, columns)?;
        // Calibration moves scores by less than that.
        let believed = detect::candidates(&maps, overview, policy::LEAST_SCORE / 4.0).into_iter();
        let score = |score: f32| info.calibration.confidence(score.ln());
        Ok(believed.map(|one| detect::Candidate { score: score(one.score), ..one }).collect())
    }

    async fn corners(&self, frame: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError> {
        Ok(self.all_corners(frame, std::slice::from_ref(outline)).await?.into_iter().next().flatten())
    }

    async fn answer(&self, plate: &PlateImage, attention: bool) -> Result<Vec<f32>, ReadError> {
        Ok(self.answers(std::slice::from_ref(plate), attention).await?.into_iter().next().unwrap_or_default())
    }

    async fn all_corners(&self, frame: &Frame<'_>, outlines: &[Quad]) -> Result<Vec<Option<Quad>>, ReadError> {
        let loose: Vec<PlateImage> = outlines.iter().map(|outline| rectify(frame, outline)).collect();
        let corners = self.networks.corners(&loose).await?;
        Ok(loose.iter().zip(corners).map(|(loose, corners)| aligner::outline(loose, corners).ok()).collect())
    }

    async fn answers(&self, plates: &[PlateImage], attention: bool) -> Result<Vec<Vec<f32>>, ReadError> {
        self.networks.answers(plates, attention).await
    }
}

/// What is outlined, or the whole frame, as it is to be read.
fn outline_of(frame: &Frame, options: &ReadOptions) -> Quad {
    let (turn, _) = options.orientation.turns();
    options.quad.unwrap_or_else(|| Quad::of_frame(frame).turned(turn))
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;

    /// A service reads on whichever thread it likes.
    #[test]
    fn readings_may_change_threads() {
        fn is_send<T: Send>(_: impl FnOnce(&'static PlateReader, &'static Frame<'static>, &'static ReadOptions) -> T) {}
        is_send(|reader, frame, options| reader.read(frame, options));
        is_send(|reader, frame, options| reader.read_crop(frame, options));
    }
}
