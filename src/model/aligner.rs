//! Loosely outlined plate image to the four corners of the plate in it.

use super::architecture::{Architecture, ConvShape, Layer, SeparableShape, pointwise};
use super::engine::Engine;
use super::recognizer::GRID;
use crate::geometry::{Point, Quad, QuadError};
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// Channels of the feature map.
pub(super) const FEATURES: usize = 24;

/// Corners of a plate.
pub const CORNERS: usize = 4;

/// Pixels of the plate image a cell of [`GRID`] covers, each way.
pub const CELL: f32 = (PLATE_WIDTH / GRID[1]) as f32;

/// Its convolutions.
pub const ARCHITECTURE: Architecture = Architecture {
    stem: ConvShape { channels: [1, 8], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true },
    trunk: &[
        SeparableShape::new([8, 16], 3, 2, 1),
        SeparableShape::new([16, FEATURES], 5, 1, 1),
        SeparableShape::new([FEATURES, FEATURES], 3, 1, 3),
    ],
    end: ("attend", pointwise([FEATURES, CORNERS])),
};

/// Names and shapes of its parameters, batch norms folded, in the order of a weights file.
pub fn tensors() -> Vec<(String, Vec<usize>)> {
    let [rows, columns] = GRID;
    let others: [(&str, &[usize]); 4] = [
        ("row_prior", &[1, CORNERS, rows, 1]),
        ("column_prior", &[1, CORNERS, 1, columns]),
        ("shift", &[1, CORNERS, FEATURES, 2]),
        ("shift_bias", &[1, CORNERS, 2]),
    ];
    let others = others.into_iter().map(|(name, shape)| (name.to_owned(), shape.to_vec()));
    ARCHITECTURE.tensors().into_iter().chain(others).collect()
}

/// Finds the corners of a plate in a plate image whose outline was only roughly that of the plate: a crop with margins,
/// a picture taken from the side, corners as a detector gives them.
///
/// It looks at half the resolution of the [recognizer](super::recognizer). Every corner has an attention map over the
/// cells; the corner is at the mean position under that map (a soft argmax) plus a linear function of the features seen
/// there, which places it within the cell, or beyond the picture's edge.
///
/// These are its parameters on an engine, and [`forward`](Self::forward) is what they are for.
pub struct Definition<E: Engine> {
    /// Stem and trunk of [`ARCHITECTURE`].
    pub stack: E::Stack,
    /// Its end.
    pub attend: E::Pointwise,
    /// Where a corner tends to be, one for each.
    pub prior: E::Prior,
    /// Features to cells right and down, a layer for each corner: `FEATURES` to 2.
    pub shift: E::Linears,
}

impl<E: Engine> Definition<E> {
    /// Corners in plate images as [`input`](super::input) makes them: `[n, 4, 2]`, x and y in pixels of the plate image, in
    /// the order of [`Quad::corners`].
    pub fn forward(&self, engine: &E, images: &E::Pictures) -> E::Rows {
        let features = engine.features(&self.stack, &engine.halved(images)); // [n, FEATURES, rows, columns]

        let attention = engine.convolved(&self.attend, &features); // [n, CORNERS, cells]
        let attention = engine.softmax(engine.with_prior(attention, &self.prior));

        let seen = engine.weighted(&attention, &features); // [n, CORNERS, FEATURES]
        let position = engine.positions(&attention, &cell_centres()); // [n, CORNERS, 2]
        let cells = engine.sum(position, engine.linears(&self.shift, seen));
        engine.scaled(cells, CELL)
    }
}

/// The convolutions in the order they run, on half the plate image; the last one is `attend`.
pub fn layers() -> Vec<Layer> {
    ARCHITECTURE.layers([PLATE_HEIGHT / 2, PLATE_WIDTH / 2])
}

/// Multiply-adds of one image, batch norm folded.
pub fn multiply_adds() -> usize {
    let [rows, columns] = GRID;
    let convolutions: usize = layers().iter().map(Layer::multiply_adds).sum();
    convolutions + CORNERS * rows * columns * (FEATURES + 2) + CORNERS * FEATURES * 2
}

/// Centres of the cells, row-major, x and y in cells.
fn cell_centres() -> Vec<[f32; 2]> {
    let [rows, columns] = GRID;
    let centre = |index: usize| index as f32 + 0.5;
    (0..rows).flat_map(|row| (0..columns).map(move |column| [centre(column), centre(row)])).collect()
}

/// The outline in the frame of a plate that was found in `plate` at `corners`: x and y of each, as
/// [`Definition::forward`] gives them.
///
/// # Errors
/// When the corners do not outline a plate, as happens where there is none.
pub fn outline(plate: &PlateImage, corners: [f32; 2 * CORNERS]) -> Result<Quad, QuadError> {
    let [x0, y0, x1, y1, x2, y2, x3, y3] = corners;
    // Convex in the plate image first: what lies beyond the horizon of the map would come back from the other side.
    let found = Quad::new([(x0, y0), (x1, y1), (x2, y2), (x3, y3)].map(|(x, y)| Point::new(x, y)))?;
    Quad::new(found.corners().map(|corner| plate.to_frame(corner)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::frame::{Frame, PixelFormat};
    use crate::rectify::rectify;

    #[test]
    fn corners_of_the_image_are_the_outline_itself() {
        let pixels = [90; 100 * 30];
        let frame = Frame::new(&pixels, 100, 30, PixelFormat::Grey).unwrap();
        let given = Quad::rect(10.0, 4.0, 80.0, 20.0).unwrap();
        let plate = rectify(&frame, &given);
        let (right, bottom) = (PLATE_WIDTH as f32, PLATE_HEIGHT as f32);
        let found = outline(&plate, [0.0, 0.0, right, 0.0, right, bottom, 0.0, bottom]).unwrap();
        for (found, given) in found.corners().into_iter().zip(given.corners()) {
            assert!(found.distance(given) < 1e-3, "{found:?} is not {given:?}");
        }
        assert!(outline(&plate, [96.0, 48.0, 96.0, 48.0, 96.0, 48.0, 96.0, 48.0]).is_err());
        assert!(outline(&plate, [f32::NAN; 8]).is_err());
    }
}
