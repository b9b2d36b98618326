//! Examples as the tensors of a training step.

use burn::tensor::{Device, Int, Tensor, TensorData};
use kr_lpr::model::input::PIXELS;
use kr_lpr::model::{GRID, STEPS};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

use super::example::Example;
use super::targets::{CELLS, MAX_CHARACTERS, aligned_steps, anchor_step};

/// Examples side by side in memory, ready to be copied to a device. Made on the rendering threads.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    examples: usize,
    images: Vec<f32>,
    targets: Vec<i32>,
    lengths: Vec<i32>,
    aligned: Vec<i32>,
    kinds: Vec<i32>,
    kind_known: Vec<f32>,
    masks: Vec<f32>,
    mask_weights: Vec<f32>,
    loose_images: Vec<f32>,
    corners: Vec<f32>,
    corners_known: Vec<f32>,
}

/// A batch of `n` on a device.
#[derive(Debug)]
pub struct BatchTensors {
    /// `[n, 1, 96, 192]`
    pub images: Tensor<4>,
    /// `[n, MAX_CHARACTERS]` class indices; padding is class 1, which no loss looks at.
    pub targets: Tensor<2, Int>,
    /// `[n]` characters.
    pub lengths: Tensor<1, Int>,
    /// `[n, STEPS]` class indices of the fixed alignment.
    pub aligned: Tensor<2, Int>,
    /// `[n]` kind indices.
    pub kinds: Tensor<1, Int>,
    /// `[n]`: 1 where the kind is known.
    pub kind_known: Tensor<1>,
    /// `[n, STEPS, rows, columns]`: covered share of each cell.
    pub masks: Tensor<4>,
    /// `[n, STEPS]`: 1 for a character, `empty_mask` for a blank step, 0 where boxes are not known or the character is not in
    /// the picture: there is nowhere to look then, and nothing wrong with looking anywhere.
    pub mask_weights: Tensor<2>,
    /// `[n, 1, 96, 192]`: the plates before they were straightened, or as they are where that is not known.
    pub loose_images: Tensor<4>,
    /// `[n, 4, 2]`: corners in pixels of the loose plate images.
    pub corners: Tensor<3>,
    /// `[n]`: 1 where the corners are known.
    pub corners_known: Tensor<1>,
}

impl Batch {
    /// Puts `examples` together; a step without character has an empty mask of weight `empty_mask`.
    pub fn new(examples: &[Example], empty_mask: f32) -> Batch {
        let n = examples.len();
        let mut batch = Batch {
            examples: n,
            images: Vec::with_capacity(n * PIXELS),
            masks: vec![0.0; n * STEPS * CELLS],
            mask_weights: vec![0.0; n * STEPS],
            loose_images: Vec::with_capacity(n * PIXELS),
            corners: vec![0.0; n * 8],
            corners_known: vec![0.0; n],
            ..Batch::default()
        };
        for (index, example) in examples.iter().enumerate() {
            batch.images.extend_from_slice(&example.pixels);
            let padding = [1; MAX_CHARACTERS];
            let spelt = example.labels.iter().map(|label| label.index() as i32);
            batch.targets.extend(spelt.chain(padding).take(MAX_CHARACTERS));
            batch.lengths.push(example.labels.len() as i32);
            batch.aligned.extend(aligned_steps(&example.labels).map(|label| label.index() as i32));
            batch.kinds.push(example.kind.map_or(0, |kind| kind.index() as i32));
            batch.kind_known.push(if example.kind.is_some() { 1.0 } else { 0.0 });
            // The aligner's batch norms see every picture, so none may be blank.
            batch.loose_images.extend_from_slice(example.loose.as_ref().map_or(&example.pixels, |loose| &loose.pixels));
            if let Some(loose) = &example.loose {
                let corners = batch.corners[index * 8..][..8].chunks_exact_mut(2);
                corners.zip(loose.corners).for_each(|(out, corner)| out.copy_from_slice(&[corner.x, corner.y]));
                batch.corners_known[index] = 1.0;
            }
            if let Some(masks) = &example.masks {
                let weights = &mut batch.mask_weights[index * STEPS..][..STEPS];
                weights.fill(empty_mask);
                for (character, mask) in masks.chunks_exact(CELLS).enumerate() {
                    let step = anchor_step(character, example.labels.len());
                    weights[step] = if mask.iter().any(|&share| share > 0.0) { 1.0 } else { 0.0 };
                    batch.masks[(index * STEPS + step) * CELLS..][..CELLS].copy_from_slice(mask);
                }
            }
        }
        batch
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.examples
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.examples == 0
    }

    /// Copies everything to `device`.
    pub fn into_tensors(self, device: &Device) -> BatchTensors {
        let n = self.examples;
        let [rows, columns] = GRID;
        BatchTensors {
            images: floats(self.images, [n, 1, PLATE_HEIGHT, PLATE_WIDTH], device),
            targets: ints(self.targets, [n, MAX_CHARACTERS], device),
            lengths: ints(self.lengths, [n], device),
            aligned: ints(self.aligned, [n, STEPS], device),
            kinds: ints(self.kinds, [n], device),
            kind_known: floats(self.kind_known, [n], device),
            masks: floats(self.masks, [n, STEPS, rows, columns], device),
            mask_weights: floats(self.mask_weights, [n, STEPS], device),
            loose_images: floats(self.loose_images, [n, 1, PLATE_HEIGHT, PLATE_WIDTH], device),
            corners: floats(self.corners, [n, 4, 2], device),
            corners_known: floats(self.corners_known, [n], device),
        }
    }
}

/// The images of `examples`, `[n, 1, 96, 192]`.
pub fn images(examples: &[Example], device: &Device) -> Tensor<4> {
    let pixels: Vec<f32> = examples.iter().flat_map(|example| example.pixels.iter().copied()).collect();
    floats(pixels, [examples.len(), 1, PLATE_HEIGHT, PLATE_WIDTH], device)
}

fn floats<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn ints<const D: usize>(values: Vec<i32>, shape: [usize; D], device: &Device) -> Tensor<D, Int> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::losses::testing::values;
    use crate::plates::example::LoosePlate;
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr::geometry::Quad;
    use kr_lpr::labels::Label;
    use kr_lpr::plate::PlateKind;

    fn example(labels: &[&str], with_boxes: bool) -> Example {
        let pixels: Vec<u8> = (0..192 * 96).map(|i| (i % 251) as u8).collect();
        let frame = Frame::new(&pixels, 192, 96, PixelFormat::Grey).unwrap();
        let labels: Vec<Label> = labels.iter().map(|name| Label::from_name(name).unwrap()).collect();
        // Character i covers the top 16 rows of columns 16 i to 16 i + 16: four cells.
        let boxes: Vec<Quad> =
            (0..labels.len()).map(|i| Quad::rect(16.0 * i as f32, 0.0, 16.0, 16.0).unwrap()).collect();
        let quad = Quad::of_frame(&frame);
        let boxes = with_boxes.then_some(&boxes[..]);
        Example::new(&frame, &quad, labels, Some(PlateKind::Ev), boxes).unwrap()
    }

    #[test]
    fn tensors_hold_what_the_losses_expect() {
        let examples = [example(&["1", "2", "가"], true), Example { kind: None, ..example(&["서울", "9"], false) }];
        let batch = Batch::new(&examples, 0.25).into_tensors(&Device::flex());
        assert_eq!(batch.images.dims(), [2, 1, 96, 192]);
        assert_eq!(values(batch.lengths.float()), [3.0, 2.0]);
        assert_eq!(values(batch.targets.float())[..5], [2.0, 3.0, 11.0, 1.0, 1.0]);
        let aligned = values(batch.aligned.float());
        assert_eq!(aligned[..STEPS].iter().filter(|&&class| class > 0.0).count(), 3);
        assert_eq!([aligned[0], aligned[12], aligned[14]], [2.0, 3.0, 11.0]);
        assert_eq!(values(batch.kind_known), [1.0, 0.0]);
        assert_eq!(values(batch.kinds.float())[0], PlateKind::Ev.index() as f32);

        let weights = values(batch.mask_weights);
        assert_eq!(weights[..4], [1.0, 0.25, 0.25, 0.25]);
        assert_eq!(weights[12..STEPS], [1.0, 0.25, 1.0, 0.25]);
        assert!(weights[STEPS..].iter().all(|&w| w == 0.0));
        let masks = values(batch.masks);
        assert_eq!(values(batch.corners_known), [0.0, 0.0]);
        let loose = values(batch.loose_images);
        assert_eq!(loose, [&examples[0].pixels[..], &examples[1].pixels].concat(), "no picture is blank");
        let total = |step: usize| masks[step * CELLS..][..CELLS].iter().sum::<f32>();
        for (step, expected) in [(0, 4.0), (1, 0.0), (2, 0.0), (12, 4.0), (14, 4.0)] {
            assert!((total(step) - expected).abs() < 1e-3, "step {step}: {}", total(step));
        }
        assert!((masks[12 * CELLS + 2] - 1.0).abs() < 1e-3, "the second character starts at column 2");
    }

    #[test]
    fn corners_are_where_the_loose_picture_shows_them() {
        let pixels = [100; 400 * 200];
        let frame = Frame::new(&pixels, 400, 200, PixelFormat::Grey).unwrap();
        // The whole frame becomes 192x96: a plate from its middle to its lower right corner does, too.
        let plate = Quad::rect(200.0, 100.0, 200.0, 100.0).unwrap();
        let loose = LoosePlate::new(&frame, &Quad::of_frame(&frame), &plate);
        let whole = Example { loose: Some(loose), ..example(&["1"], false) };
        let batch = Batch::new(&[example(&["2"], false), whole], 0.1).into_tensors(&Device::flex());
        assert_eq!(values(batch.corners_known), [0.0, 1.0]);
        let corners = values(batch.corners);
        for (found, expected) in corners[8..].iter().zip([96.0, 48.0, 192.0, 48.0, 192.0, 96.0, 96.0, 96.0]) {
            assert!((found - expected).abs() < 1e-3, "{corners:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let frame = Frame::new(&[0; 4], 2, 2, PixelFormat::Grey).unwrap();
        let quad = Quad::of_frame(&frame);
        let digits = vec![Label::from_name("1").unwrap(); 9];
        assert!(Example::new(&frame, &quad, digits.clone(), None, None).is_err());
        assert!(Example::new(&frame, &quad, digits[..2].to_vec(), None, Some(&[quad])).is_err());
    }
}
