//! The pipeline put together: a picture of one plate in, its text out.

use burn::tensor::{Device, Tensor, TensorData};

use crate::calibration::Calibration;
use crate::ctc::{BeamOptions, CharReading, CtcError, GrammarMode, Hypothesis, Logits, beam_search};
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::labels::{CLASS_COUNT, Label};
use crate::model::weights::{self, WeightsError, WeightsInfo};
use crate::model::{Networks, STEPS, aligner, input};
use crate::plate::PlateKind;
use crate::rectify::{PlateImage, rectify};

/// Prefixes the beam search keeps. On rendered plates a wider beam finds nothing more.
const BEAM_WIDTH: usize = 8;

/// How much more than the plate found is read: some air does no harm, but a character cut off cannot be read.
const AIR: f32 = 1.05;

/// The network's probability below which a plate is looked at again.
const UNSURE: f32 = 0.6;

/// How much more than the plate found is looked at again: about the margin with which corners are found best.
const SECOND_OUTLINE: f32 = 1.1;

/// Reads plates with one set of weights on one device.
#[derive(Debug)]
pub struct PlateReader {
    networks: Networks,
    info: WeightsInfo,
    device: Device,
}

/// How to read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// Rough outline of the plate in the frame; `None` takes the frame's own outline, as fits a crop.
    pub quad: Option<Quad>,
    /// Whether to look for the plate's corners within the outline; otherwise the outline is read as it is.
    pub align: bool,
    /// How far the grammar of plates decides.
    pub grammar: GrammarMode,
    /// Most candidates to return, the best one included; 0 is taken as 1, and more than 8 there never are.
    pub n_best: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { quad: None, align: true, grammar: GrammarMode::Soft, n_best: 3 }
    }
}

/// What was read on one plate.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most probable text, NFC, without spaces: `12가3456`. Empty where nothing could be read.
    pub text: String,
    /// How probable it is that [`Reading::text`] is right, 0 to 1: calibrated on rendered plates.
    pub confidence: f32,
    /// Natural logarithm of the probability the network gives to [`Reading::text`]; `-inf` where it is empty.
    pub log_prob: f32,
    /// Whether a plate can carry the text.
    pub valid: bool,
    /// The most probable kind, among those that may carry the text where it is valid.
    pub kind: PlateKind,
    /// Probability of [`Reading::kind`] among the kinds considered, 0 to 1.
    pub kind_confidence: f32,
    /// One entry a character of [`Reading::text`]; a region is one character.
    pub chars: Vec<CharReading>,
    /// The most probable texts, best first; the first is [`Reading::text`].
    pub candidates: Vec<Candidate>,
    /// The outline that was read, in pixels of the frame: the plate's corners where they were looked for.
    pub quad: Quad,
    /// What the network saw.
    pub plate: PlateImage,
}

/// What a reader has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The plate's corners are found and it is seen straight on.
    Straightened,
    /// The network's answer is decoded.
    Recognized,
}

impl Reading {
    /// The characters read, in order.
    pub fn labels(&self) -> impl Iterator<Item = Label> {
        self.chars.iter().map(|read| read.label)
    }
}

/// One of the texts a plate may say.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The text, as in [`Reading::text`].
    pub text: String,
    /// How probable it is that it is right, 0 to 1.
    pub confidence: f32,
    /// Whether a plate can carry it.
    pub valid: bool,
}

impl Candidate {
    fn new(hypothesis: &Hypothesis, calibration: Calibration) -> Candidate {
        Candidate {
            text: hypothesis.text(),
            confidence: calibration.confidence(hypothesis.log_prob),
            valid: hypothesis.plate_text().is_ok(),
        }
    }
}

/// Why a plate could not be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// The network's answer is not probabilities.
    #[error(transparent)]
    Network(#[from] CtcError),
    /// The device did not give the answer.
    #[error("the device did not answer: {0}")]
    Device(String),
}

impl PlateReader {
    /// Takes the bytes of a weights file.
    ///
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub fn from_weights(bytes: &[u8], device: &Device) -> Result<PlateReader, WeightsError> {
        let (networks, info) = weights::from_bytes(bytes, device)?;
        Ok(PlateReader { networks, info, device: device.clone() })
    }

    /// What the weights say of themselves.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// Reads the plate that `frame` is a crop of, or that [`ReadOptions::quad`] outlines in it.
    ///
    /// A plate that the network is not sure of is looked for once more, around where it was found, and the surer of the
    /// two readings counts.
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
        mut done: impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        let first = self.look(frame, options, &mut done).await?;
        if !options.align || first.log_prob >= UNSURE.ln() {
            return Ok(first);
        }
        let Ok(around) = first.quad.scaled(SECOND_OUTLINE) else { return Ok(first) };
        let options = ReadOptions { quad: Some(around), ..options.clone() };
        let second = self.look(frame, &options, &mut done).await?;
        Ok(if second.log_prob > first.log_prob { second } else { first })
    }

    async fn look(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        done: &mut impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        let (plate, quad) = self.straighten(frame, options).await?;
        done(Stage::Straightened);
        let reading = self.read_plate(plate, quad, options).await?;
        done(Stage::Recognized);
        Ok(reading)
    }

    /// The first half of a look: the plate seen straight on, and its outline in the frame.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn straighten(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<(PlateImage, Quad), ReadError> {
        let given = options.quad.unwrap_or_else(|| Quad::of_frame(frame));
        let loose = rectify(frame, &given);
        if !options.align {
            return Ok((loose, given));
        }
        let images = input::to_tensor(std::slice::from_ref(&loose), &self.device); // [1, 1, 96, 192]
        let corners: Vec<f32> = fetch(self.networks.aligner.forward(images)).await?.iter::<f32>().collect(); // [1, 4, 2]
        // Where no plate is found, what was given is as good as anything.
        let found = corners.try_into().ok().and_then(|corners| aligner::outline(&loose, corners).ok());
        Ok(found.map_or((loose, given), |quad| (rectify(frame, &quad.scaled(AIR).unwrap_or(quad)), quad)))
    }

    /// Reads a rectified plate; `quad` is where in its frame it was and is handed through.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub async fn read_plate(&self, plate: PlateImage, quad: Quad, options: &ReadOptions) -> Result<Reading, ReadError> {
        let answer = fetch(self.run(&plate)).await?;
        decode(answer.iter::<f32>().collect(), plate, quad, self.info.calibration, options)
    }

    /// [`read_crop`](Self::read_crop) for callers without an executor. In a browser a thread cannot wait for a GPU, so
    /// there it does not exist.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    #[cfg(not(target_arch = "wasm32"))]
    pub fn read_crop_blocking(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Reading, ReadError> {
        pollster::block_on(self.read_crop(frame, options))
    }

    /// Log-probabilities and kind logits in one tensor, `[STEPS * CLASS_COUNT + kinds]`: a GPU is read once.
    fn run(&self, plate: &PlateImage) -> Tensor<1> {
        let images = input::to_tensor(std::slice::from_ref(plate), &self.device); // [1, 1, 96, 192]
        let output = self.networks.recognizer.forward(images);
        Tensor::cat(
            vec![output.log_probs.reshape([STEPS * CLASS_COUNT]), output.kind_logits.reshape([PlateKind::ALL.len()])],
            0,
        ) // [STEPS * CLASS_COUNT + kinds]
    }
}

/// Waits for the device to give up a tensor's values.
async fn fetch<const D: usize>(tensor: Tensor<D>) -> Result<TensorData, ReadError> {
    tensor.into_data_async().await.map_err(|error| ReadError::Device(error.to_string()))
}

fn decode(
    answer: Vec<f32>,
    plate: PlateImage,
    quad: Quad,
    calibration: Calibration,
    options: &ReadOptions,
) -> Result<Reading, ReadError> {
    let mut log_probs = answer;
    let kind_logits = log_probs.split_off(STEPS * CLASS_COUNT);
    let logits = Logits::new(log_probs)?;
    let beam = BeamOptions { width: BEAM_WIDTH, n_best: options.n_best.max(1), grammar: options.grammar };
    let hypotheses = beam_search(&logits, &beam);
    let candidates: Vec<Candidate> =
        hypotheses.iter().map(|hypothesis| Candidate::new(hypothesis, calibration)).collect();
    let best = hypotheses.into_iter().next();
    let kinds: Vec<PlateKind> = match best.as_ref().map(Hypothesis::plate_text) {
        Some(Ok(text)) => text.kinds().collect(),
        _ => PlateKind::ALL.to_vec(),
    };
    let (kind, kind_confidence) = most_probable(&kinds, &kind_logits);
    let (text, confidence, valid) = match candidates.first() {
        Some(best) => (best.text.clone(), best.confidence, best.valid),
        None => (String::new(), 0.0, false),
    };
    let log_prob = best.as_ref().map_or(f32::NEG_INFINITY, |best| best.log_prob);
    let chars = best.map(|best| best.chars).unwrap_or_default();
    Ok(Reading { text, confidence, log_prob, valid, kind, kind_confidence, chars, candidates, quad, plate })
}

/// The kind with the largest logit and its softmax probability among `kinds`.
fn most_probable(kinds: &[PlateKind], logits: &[f32]) -> (PlateKind, f32) {
    let logit = |kind: PlateKind| logits.get(kind.index()).copied().unwrap_or(f32::NEG_INFINITY);
    let best = kinds.iter().copied().max_by(|&a, &b| logit(a).total_cmp(&logit(b))).unwrap_or(PlateKind::PrivateLong);
    let total: f32 = kinds.iter().map(|&kind| (logit(kind) - logit(best)).exp()).sum();
    (best, if total > 0.0 { 1.0 / total } else { 0.0 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::frame::PixelFormat;
    use crate::plate::PlateText;

    /// A network's answer that says `text` with certainty on every second step, and prefers `kind`.
    fn answer(text: &str, kind: PlateKind) -> Vec<f32> {
        let mut scores = vec![-20.0; STEPS * CLASS_COUNT + PlateKind::ALL.len()];
        let labels = PlateText::parse(text).unwrap().labels();
        for step in 0..STEPS {
            let label = if step % 2 == 0 { labels.get(step / 2).copied() } else { None };
            scores[step * CLASS_COUNT + label.unwrap_or(Label::BLANK).index()] = 0.0;
        }
        scores[STEPS * CLASS_COUNT + kind.index()] = 0.0;
        scores
    }

    fn plate() -> (PlateImage, Quad) {
        let pixels = [128; 12 * 4];
        let frame = Frame::new(&pixels, 12, 4, PixelFormat::Grey).unwrap();
        let quad = Quad::of_frame(&frame);
        (rectify(&frame, &quad), quad)
    }

    #[test]
    fn says_what_the_network_says() {
        let (plate, quad) = plate();
        let reading = decode(
            answer("서울12바3456", PlateKind::CommercialDouble),
            plate,
            quad,
            Calibration::default(),
            &ReadOptions::default(),
        );
        let reading = reading.unwrap();
        assert_eq!((reading.text.as_str(), reading.valid), ("서울12바3456", true));
        assert_eq!(reading.chars.len(), 8);
        assert_eq!(reading.kind, PlateKind::CommercialDouble);
        assert!(reading.confidence > 0.99 && reading.kind_confidence > 0.99);
    }

    #[test]
    fn kind_is_one_that_may_carry_the_text() {
        let (plate, quad) = plate();
        // Two digits before the letter never stand on a corporate plate.
        let reading = decode(
            answer("12가3456", PlateKind::Corporate),
            plate,
            quad,
            Calibration::default(),
            &ReadOptions::default(),
        )
        .unwrap();
        assert!(PlateText::parse("12가3456").unwrap().kinds().any(|kind| kind == reading.kind), "{:?}", reading.kind);
    }

    #[test]
    fn nan_is_an_error() {
        let (plate, quad) = plate();
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        scores[7] = f32::NAN;
        assert!(matches!(
            decode(scores, plate, quad, Calibration::default(), &ReadOptions::default()),
            Err(ReadError::Network(_))
        ));
    }
}
