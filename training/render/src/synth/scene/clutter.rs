//! A ground that is no place at all: gradients, blocks, bars, grids, noise and boards of any colour.
//!
//! Plates on it teach a detector the plate and not the car; the same without plates teaches it what is none.

use super::super::canvas::Noise;
use super::board::{self, Board};
use super::brush::Fill;
use super::stage::Stage;

/// Fills the whole picture.
pub(super) fn paint(stage: &mut Stage) {
    let [w, h] = stage.size();
    let (top, bottom) = (stage.any_tone(), stage.any_tone());
    stage.rectangle([0.0, 0.0, w, h], Fill::graded(top, bottom));
    for _ in 0..stage.dice.index(14) {
        blob(stage);
    }
    if stage.dice.chance(0.6) {
        noise(stage);
    }
    for _ in 0..stage.dice.index(4) {
        match stage.dice.index(3) {
            0 => bars(stage),
            1 => grid(stage),
            _ => lines(stage),
        }
    }
    for _ in 0..stage.dice.index(4) {
        let board = stage.dice.pick(&BOARDS);
        any_board(stage, board);
    }
    for _ in 0..stage.dice.index(4) {
        blob(stage);
    }
}

const BOARDS: [Board; 8] =
    [Board::Sign, Board::Road, Board::Poster, Board::Card, Board::Blank, Board::Blank, Board::Foreign, Board::Bare];

/// A board anywhere on the picture, its perspective flat.
pub(super) fn any_board(stage: &mut Stage, board: Board) {
    let [w, h] = stage.size();
    let wide = w * stage.dice.log_uniform(0.06, 0.7);
    let aspect = match board {
        Board::Foreign => stage.dice.uniform(2.0, 5.0),
        Board::Poster => stage.dice.uniform(0.6, 1.5),
        _ => stage.dice.log_uniform(1.5, 9.0),
    };
    let at = [stage.dice.uniform(0.0, w), stage.dice.uniform(0.0, h)];
    let turn = stage.dice.normal(0.12);
    board::draw(stage, board, [wide, wide / aspect], &board::flat(at, 1.0, turn));
}

fn blob(stage: &mut Stage) {
    let [w, h] = stage.size();
    let (x, y) = (stage.dice.uniform(0.0, w), stage.dice.uniform(0.0, h));
    let (rx, ry) = (w * stage.dice.log_uniform(0.03, 0.6), h * stage.dice.log_uniform(0.03, 0.6));
    let count = 3 + stage.dice.index(6);
    let points: Vec<[f32; 2]> = (0..count)
        .map(|i| {
            let (s, c) = (i as f32 * std::f32::consts::TAU / count as f32 + stage.dice.normal(0.3)).sin_cos();
            [x + rx * c, y + ry * s]
        })
        .collect();
    let a = stage.any_tone();
    let b = if stage.dice.chance(0.5) { a } else { stage.any_tone() };
    let round = if stage.dice.chance(0.5) { 0.0 } else { stage.dice.uniform(0.1, 0.5) };
    let cover = stage.dice.uniform(0.4, 1.0);
    stage.shape(&points, round, Fill::graded(a, b).cover(cover));
}

fn noise(stage: &mut Stage) {
    let size = stage.size();
    let cell = size[1] * stage.dice.log_uniform(0.008, 0.3);
    let wide = cell * stage.dice.log_uniform(0.4, 3.0);
    let noise = Noise::new(&mut stage.dice, size, [wide, cell]);
    let depth = stage.dice.uniform(0.2, 1.2);
    let whole = stage.raster.whole();
    stage.raster.shade(whole, |x, y| (1.0 + depth * (noise.at(x, y) - 0.5)).max(0.05));
}

/// Parallel bars within a rectangle, as grilles, shutters and steps have.
fn bars(stage: &mut Stage) {
    let [w, h] = stage.size();
    let (x0, y0) = (stage.dice.uniform(-0.2, 0.8) * w, stage.dice.uniform(-0.2, 0.8) * h);
    let (x1, y1) = (x0 + w * stage.dice.log_uniform(0.1, 0.9), y0 + h * stage.dice.log_uniform(0.08, 0.7));
    let pitch = h * stage.dice.log_uniform(0.012, 0.08);
    let (bar, gap) = (stage.any_tone(), stage.any_tone());
    stage.rectangle([x0, y0, x1, y1], Fill::flat(gap));
    let upright = stage.dice.chance(0.5);
    let length = if upright { x1 - x0 } else { y1 - y0 };
    for i in 0..((length / pitch) as usize).min(40) {
        let at = pitch * i as f32;
        let points = if upright { [[x0 + at, y0], [x0 + at, y1]] } else { [[x0, y0 + at], [x1, y0 + at]] };
        stage.line(&points, pitch * 0.45, bar, 1.0);
    }
}

/// Rectangles in rows: windows, tiles, keys; the size of characters at times.
fn grid(stage: &mut Stage) {
    let [w, h] = stage.size();
    let (x0, y0) = (stage.dice.uniform(0.0, 0.8) * w, stage.dice.uniform(0.0, 0.9) * h);
    let tall = h * stage.dice.log_uniform(0.02, 0.15);
    let wide = tall * stage.dice.uniform(0.3, 2.0);
    let (columns, rows) = (2 + stage.dice.index(9), 1 + stage.dice.index(5));
    let (sheet, pane) = (stage.any_tone(), stage.any_tone());
    let (dx, dy) = (wide * stage.dice.uniform(1.1, 1.6), tall * stage.dice.uniform(1.1, 1.8));
    stage.rectangle([x0, y0, x0 + dx * columns as f32, y0 + dy * rows as f32], Fill::flat(sheet));
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (x0 + dx * (column as f32 + 0.1), y0 + dy * (row as f32 + 0.1));
            stage.rectangle([x, y, x + wide, y + tall], Fill::flat(pane));
        }
    }
}

fn lines(stage: &mut Stage) {
    let [w, h] = stage.size();
    for _ in 0..2 + stage.dice.index(6) {
        let mut at = || [stage.dice.uniform(-0.1, 1.1) * w, stage.dice.uniform(-0.1, 1.1) * h];
        let points = [at(), at()];
        let (thick, tone) = (h * stage.dice.log_uniform(0.003, 0.04), stage.any_tone());
        stage.line(&points, thick, tone, 0.9);
    }
}
