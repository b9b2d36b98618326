//! The pipeline put together: a picture in, the text of its plates out.

mod attention;
mod blocking;
mod looks;
mod networks;
mod options;
mod reading;
mod scene;

use crate::backend::Backend;
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::model::aligner;
use crate::model::weights::{WeightsError, WeightsInfo};
use crate::rectify::{PlateImage, rectify};
use crate::sheet::SheetColour;
use looks::Looks;
use networks::{Detector, PlateNetworks};
use reading::decode;

pub use attention::Attention;
pub use options::{Mode, ReadError, ReadOptions, Stage};
pub use reading::{Candidate, Reading};
pub use scene::{Plate, Plates};

/// How much more than the plate found is read: some air does no harm, but a character cut off cannot be read.
const AIR: f32 = 1.05;

/// The network's probability below which a plate is looked at again. Of 5100 hard rendered plates 0.6 reads 4778, 0.8 reads
/// 4793 and 0.9 reads 4797; of 300 in the mix of training 21, 31 and 48 are looked at again.
const UNSURE: f32 = 0.8;

/// How much more than the plate found is looked at again: about the margin with which corners are found best.
const SECOND_OUTLINE: f32 = 1.1;

/// How much more than the plate found is read the third time. Of 2200 rendered plates that are fine but for too little or too
/// much light, this reads 24 more, of 1760 noisy ones 11.
const THIRD_OUTLINE: f32 = 1.15;

/// Looks at one plate, at most.
const MOST_LOOKS: u32 = 3;

/// A plate seen straight on: all that a look takes to the network and to what is made of its answer.
#[derive(Clone, Debug)]
pub struct Straightened {
    /// What the network is to see.
    pub image: PlateImage,
    /// The plate's outline in the frame.
    pub quad: Quad,
    /// The colour of its sheet, where the frame shows one.
    pub sheet: Option<SheetColour>,
}

/// Reads plates with one set of weights on one backend.
#[derive(Debug)]
pub struct PlateReader {
    networks: PlateNetworks,
    info: WeightsInfo,
    detector: Option<(Detector, WeightsInfo)>,
    backend: Backend,
}

impl PlateReader {
    /// Takes the bytes of the weights file that reads one plate. Without [a detector](Self::with_detector) only crops are
    /// read.
    ///
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub fn from_weights(bytes: &[u8], backend: &Backend) -> Result<PlateReader, WeightsError> {
        let (networks, info) = PlateNetworks::read(bytes, backend)?;
        Ok(PlateReader { networks, info, detector: None, backend: backend.clone() })
    }

    /// The same reader with a detector: takes the bytes of its weights file.
    ///
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub fn with_detector(self, bytes: &[u8]) -> Result<PlateReader, WeightsError> {
        let detector = Detector::read(bytes, &self.backend)?;
        Ok(PlateReader { detector: Some(detector), ..self })
    }

    /// What the weights that read a plate say of themselves.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// What the detector's weights say of themselves, where there is a detector.
    pub fn detector_info(&self) -> Option<&WeightsInfo> {
        self.detector.as_ref().map(|(_, info)| info)
    }

    /// Reads the plate that `frame` is a crop of, or that [`ReadOptions::quad`] outlines in it.
    ///
    /// A plate that the network is not sure of is looked for once more, around where it was found, and where that does not
    /// help it is read a third time with more around it. What counts is what all looks say together.
    ///
    /// # Errors
    /// When the device fails or the weights are broken; a plate that cannot be read is a [`Reading`] of low confidence.
    pub async fn read_crop(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Reading, ReadError> {
        self.read_crop_in_stages(frame, options, |_| ()).await
    }

    /// [`read_crop`](Self::read_crop) for those who watch the time: `done` is called at the end of every stage.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub async fn read_crop_in_stages(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        done: impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        self.look_until_sure(frame, options, done).await
    }

    /// Reads the plate that `options` outline, looking at it again while there is doubt.
    async fn look_until_sure(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        mut done: impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        let outline = options.quad.unwrap_or_else(|| Quad::of_frame(frame));
        let mut looks = Looks::new(self.info.calibration, options);
        loop {
            let plate = match looks.so_far() {
                None => self.straighten(frame, options).await?,
                // Again, from around where the plate was found.
                Some((1, quad)) => {
                    let around = quad.scaled(SECOND_OUTLINE).unwrap_or(outline);
                    let quad = self.corners(frame, &around).await?.unwrap_or(quad);
                    straightened(frame, rectify(frame, &with_air(quad)), quad)
                }
                // Perhaps a character was cut off: where it was read best, with more around it.
                Some((_, quad)) => {
                    let more = quad.scaled(THIRD_OUTLINE).unwrap_or(quad);
                    straightened(frame, rectify(frame, &more), quad)
                }
            };
            done(Stage::Straightened);
            let answer = self.answer(&plate.image, options).await?;
            let reading = looks.add(plate, answer)?;
            done(Stage::Recognized);
            if !options.align || reading.log_prob >= UNSURE.ln() || reading.looks >= MOST_LOOKS {
                return Ok(reading);
            }
        }
    }

    /// The first half of a look: the plate seen straight on, and its outline in the frame.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn straighten(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Straightened, ReadError> {
        let given = options.quad.unwrap_or_else(|| Quad::of_frame(frame));
        let found = if options.align { self.corners(frame, &given).await? } else { None };
        // Where no plate is found, what was given is as good as anything.
        let (outline, quad) = found.map_or((given, given), |quad| (with_air(quad), quad));
        Ok(straightened(frame, rectify(frame, &outline), quad))
    }

    /// The corners of the plate in what `outline` shows of `frame`, if there seems to be one.
    async fn corners(&self, frame: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError> {
        let loose = rectify(frame, outline);
        let corners = self.networks.corners(std::slice::from_ref(&loose)).await?;
        Ok(corners.first().and_then(|&corners| aligner::outline(&loose, corners).ok()))
    }

    /// The second half of a look: the plate read.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub async fn read_plate(&self, plate: Straightened, options: &ReadOptions) -> Result<Reading, ReadError> {
        decode(self.answer(&plate.image, options).await?, plate, self.info.calibration, options)
    }

    /// What the network says of one plate, as [`decode`] takes it.
    async fn answer(&self, plate: &PlateImage, options: &ReadOptions) -> Result<Vec<f32>, ReadError> {
        let answers = self.networks.answers(std::slice::from_ref(plate), options.attention).await?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }
}

fn straightened(frame: &Frame, image: PlateImage, quad: Quad) -> Straightened {
    Straightened { image, quad, sheet: SheetColour::of(frame, &quad) }
}

/// The outline with the air around it that is read along.
fn with_air(quad: Quad) -> Quad {
    quad.scaled(AIR).unwrap_or(quad)
}
