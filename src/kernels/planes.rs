//! The convolution that ends a network: maps to planes, `[output][row][column]`.

use wide::f32x4;

use super::depthwise::TILE;
use super::lanes::{Lanes, Work, dispatch};
use super::maps::{BLOCK, Maps};
use super::product::{GROUP, Weights, sums};

/// What a pointwise convolution without ReLU makes of `maps`: `[outputs][rows][columns]`.
pub fn planes(maps: &Maps, weights: &Weights) -> Vec<f32> {
    let shape = maps.shape();
    let cells = shape.rows * shape.columns;
    let mut values = vec![0.0; weights.outputs() * cells];
    if cells > 0 {
        dispatch(Planes { maps, weights, values: &mut values });
    }
    values
}

struct Planes<'a> {
    maps: &'a Maps,
    weights: &'a Weights,
    values: &'a mut [f32],
}

impl Work for Planes<'_> {
    type Output = ();

    #[inline(always)]
    fn work<L: Lanes>(self, lanes: L) {
        let Planes { maps, weights, values } = self;
        let (columns, inputs) = (maps.shape().columns, weights.inputs());
        let cells = maps.shape().rows * columns;
        let mut panel = vec![[0.0; TILE]; columns.div_ceil(TILE) * inputs];
        for y in 0..maps.shape().rows {
            row_panel(maps, y, inputs, &mut panel);
            for (tile, panel) in panel.chunks_exact(inputs).enumerate() {
                let (at, count) = (y * columns + tile * TILE, TILE.min(columns - tile * TILE));
                for (group, (values_of_group, bias)) in
                    weights.values().chunks_exact(inputs).zip(weights.bias()).enumerate()
                {
                    let [pixels] = sums::<L, 1>(lanes, [panel], values_of_group, bias);
                    let pixels = pixels.map(|pixel| lanes.halves(pixel));
                    let outputs = [0, 1].map(|half| f32x4::transpose(pixels.map(|halves| halves[half])));
                    let planes = values.chunks_exact_mut(cells).skip(GROUP * group);
                    for (plane, pixels) in planes.zip(outputs.as_flattened()) {
                        plane[at..at + count].copy_from_slice(&pixels.to_array()[..count]);
                    }
                }
            }
        }
    }
}

/// One row of maps as a panel, `[tile of 4 pixels][channel][4 pixels]`; pixels beyond the last one are 0.
#[inline(always)]
fn row_panel(maps: &Maps, y: usize, channels: usize, panel: &mut [[f32; TILE]]) {
    for block in 0..maps.blocks() {
        for (tile, cells) in maps.row(block, y).chunks(TILE).enumerate() {
            let mut pixels = [f32x4::ZERO; TILE];
            pixels[..cells.len()].copy_from_slice(cells);
            let at = tile * channels + block * BLOCK;
            for (to, pixels) in panel[at..at + BLOCK].iter_mut().zip(f32x4::transpose(pixels)) {
                *to = pixels.to_array();
            }
        }
    }
}
